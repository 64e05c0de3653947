// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const { describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { request } = require('./support/http')
const { askForToken } = require('./support/token-requests')

describe('options of the emulator', () => {
  /**
   * @param {import('../emulator').EmulatorOptions} options
   * @param {(emulator: import('../emulator').Emulator) => Promise<void>} use
   */
  async function withEmulator(options, use) {
    const emulator = await startEmulator(options)
    await use(emulator).finally(emulator.close)
  }

  test('refuses an address that is not loopback', async () => {
    await assert.rejects(startEmulator({ host: '0.0.0.0' }), /loopback/)
    await assert.rejects(startEmulator({ host: '192.0.2.1' }), /loopback/)
  })

  for (const host of ['127.0.0.2', '::1']) {
    test(`can listen on ${host}, with a certificate for it`, async (context) => {
      if (host === '::1' && !hasIpv6Loopback()) return context.skip('this machine has no ::1')
      await withEmulator({ host, names: ['login.example'] }, async (emulator) => {
        assert.equal(new URL(emulator.authorityHost).hostname, host.includes(':') ? `[${host}]` : host)
        assert.equal((await askForToken(emulator)).status, 200)
      })
    })
  }

  const hasIpv6Loopback = () => Object.values(os.networkInterfaces()).flat().some((entry) => entry?.address === '::1')

  test('lifetime and refresh time are the requested ones', () =>
    withEmulator({ tokenLifetime: 7200, refreshIn: 3600 }, async (emulator) => {
      const { json } = await askForToken(emulator)
      assert.deepEqual([json.expires_in, json.refresh_in], [7200, 3600])
    }))

  test('anyTenant makes every GUID a tenant, and nothing else', () =>
    withEmulator({ anyTenant: true }, async (emulator) => {
      assert.equal((await askForToken(emulator, {}, { tenant: randomUUID() })).status, 200)
      assert.equal((await askForToken(emulator, {}, { tenant: 'nowhere.example' })).status, 400)
    }))

  test('applications are in the tenants of the option', () => {
    const [home, other] = [randomUUID(), randomUUID()]
    const application = { clientId: randomUUID(), clientSecret: 'one', tenants: [home] }
    return withEmulator({ tenants: [home, other], applications: [application] }, async (emulator) => {
      assert.deepEqual([emulator.clientId, emulator.clientSecret, emulator.tenantId], [application.clientId, 'one', home])
      assert.equal((await askForToken(emulator)).status, 200)
      assert.deepEqual((await askForToken(emulator, {}, { tenant: other })).json.error_codes, [700016])
    })
  })

  test('a claims challenge is repeated until it is answered', () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    return withEmulator({ applications: [{ claimsChallenge: claims }] }, async (emulator) => {
      const { status, json } = await askForToken(emulator)
      assert.equal(status, 400)
      assert.deepEqual([json.error, json.suberror, json.claims], ['interaction_required', 'basic_action', claims])
      assert.equal((await askForToken(emulator, { claims })).status, 200)
    })
  })

  test('error descriptions can hold line breaks, as they did for years', () =>
    withEmulator({ lineBreaksInErrors: true }, async (emulator) => {
      const { text, json } = await askForToken(emulator, { client_secret: 'wrong' })
      assert.match(json.error_description, /\r\nTrace ID: .*\r\nCorrelation ID: .*\r\nTimestamp: /)
      assert.ok(text.includes('\\r\\n'))
    }))

  test('the cloud metadata document can be changed', () =>
    withEmulator({ metadata: { name: 'Own', resourceManager: 'https://arm.example/' } }, async (emulator) => {
      const { json } = await request(`${emulator.authorityHost}metadata/endpoints`, { ca: emulator.caCertificate })
      assert.deepEqual([json.name, json.resourceManager], ['Own', 'https://arm.example/'])
    }))

  test('an invalid certificate is reported at the start', async () => {
    await assert.rejects(startEmulator({ applications: [{ certificates: ['nonsense'] }] }))
  })

  test('closing ends connections, running delays and the folder', async () => {
    const emulator = await startEmulator()
    emulator.faults.add({ delay: 600_000 })
    const pending = assert.rejects(askForToken(emulator))
    while (emulator.counters.requests === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await emulator.close()
    await pending
    assert.equal(fs.existsSync(emulator.caFile), false)
    await assert.rejects(askForToken(emulator), { code: 'ECONNREFUSED' })
  })
})
