// @ts-check
'use strict'

// az, azd, PowerShell and a command of one's own, through the package's front door: stand-ins on PATH print what the
// real ones print. Shapes and texts: the Azure CLI's own, and those in the tests of Azure's identity libraries.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { setTimeout: delay } = require('node:timers/promises')
const { after, beforeEach, describe, test } = require('node:test')
const { ClientTokenCredential } = require('..')
const { logIn } = require('./support/login')
const { ended } = require('./support/processes')
const { createStandIns } = require('./support/stand-in')

const skip = process.platform === 'win32' && 'the stand-ins are POSIX shell scripts'
const TENANT = '7b795fb9-09d3-42f4-a494-38864f99ba3c'
const SCOPE = 'https://management.azure.com//.default'
const inAnHour = Math.floor(Date.now() / 1000) + 3600

/** @param {object} [changes] */
const azToken = (changes) =>
  JSON.stringify({
    accessToken: 'ey.az.token',
    expiresOn: '2026-01-01 13:00:00.000000',
    expires_on: inAnHour,
    subscription: '00000000-0000-4000-8000-000000000001',
    tenant: TENANT,
    tokenType: 'Bearer',
    ...changes
  })

describe('developer tools', { skip }, () => {
  const standIns = createStandIns()
  after(() => standIns.remove())
  beforeEach(() => {
    standIns.clear()
    logIn({ PATH: standIns.searchPath, AZURE_CONFIG_DIR: path.join(standIns.folder, 'azure') })
  })

  /** @param {Partial<import('..').AzureCliOptions>} [options] */
  const az = (options) => new ClientTokenCredential({ credential: 'azureCli', ...options })

  /**
   * @param {Promise<unknown>} call
   * @returns {Promise<any>}
   */
  const failure = (call) => call.then(() => assert.fail('a token came'), (error) => error)

  describe('the Azure CLI', () => {
    test('is asked once for a token, with the resource of Pulumi\'s provider', async () => {
      standIns.install('az', { stdout: azToken(), stderr: 'WARNING: You have 2 updates available.\n' })
      const own = az()
      const tokens = await Promise.all([own.getClientToken(), own.getClientToken(), own.getToken(SCOPE)])
      assert.deepEqual(tokens.map(({ token }) => token), Array(3).fill('ey.az.token'))
      const [{ expiresOnTimestamp, source, tenantId }] = tokens
      assert.deepEqual([expiresOnTimestamp, source, tenantId], [inAnHour * 1000, 'azureCli', TENANT])
      assert.deepEqual(standIns.runs('az'), ['account get-access-token -o json --resource https://management.azure.com/'])
    })

    test('writes local time before 2.54, in the zone of TZ', async () => {
      const noon = `${new Date().getUTCFullYear() + 1}-07-01`
      standIns.install('az', { stdout: azToken({ expires_on: undefined, expiresOn: `${noon} 12:00:00.000000` }) })
      for (const [zone, time] of [['Etc/GMT-3', '09:00'], ['CET-1CEST,M3.5.0,M10.5.0/3', '10:00'], ['UTC', '12:00']]) {
        logIn({ TZ: zone })
        const { expiresOnTimestamp } = await az().getClientToken()
        const longest = Date.now() + 365 * 24 * 3_600_000
        const wanted = Date.parse(`${noon}T${time}:00Z`)
        assert.ok(Math.abs(expiresOnTimestamp - Math.min(wanted, longest)) < 60_000, `${zone}: ${new Date(expiresOnTimestamp)}`)
      }
    })

    test('is told the subscription only where that is not its default', async () => {
      const account = (/** @type {string} */ id, /** @type {boolean} */ isDefault) => ({ id, name: id, isDefault, environmentName: 'AzureCloud' })
      const profile = { subscriptions: [account('one', true), account('two', false)] }
      const folder = path.join(standIns.folder, 'azure')
      fs.mkdirSync(folder)
      fs.writeFileSync(path.join(folder, 'azureProfile.json'), `\ufeff${JSON.stringify(profile)}`)
      standIns.install('az', { stdout: azToken() })
      await az({ subscription: 'one' }).getClientToken()
      await az({ subscription: 'two' }).getClientToken()
      const asked = 'account get-access-token -o json --resource https://management.azure.com/'
      assert.deepEqual(standIns.runs('az'), [asked, `${asked} --subscription two`])
    })

    test('that is not there says where it comes from', async () => {
      const error = await failure(az().getClientToken())
      assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE')
      assert.match(error.message, /not installed.*https:\/\/aka\.ms\/azure-cli.*az login/s)
    })

    test('that has no login says what to type', async () => {
      standIns.install('az', { exit: 1, stderr: "ERROR: Please run 'az login' to setup account.\n" })
      const error = await failure(az({ tenantId: TENANT }).getClientToken())
      assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE')
      assert.match(error.message, new RegExp(`Run: az login --tenant ${TENANT}`))
    })

    test('that belongs to another tenant is told apart from that', async () => {
      standIns.install('az', { exit: 1, stderr: "ERROR: AADSTS90002: Tenant 'x' not found. Trace ID: 1\naz login\n" })
      const error = await failure(az({ tenantId: 'wrong.example' }).getClientToken())
      assert.equal(error.code, 'ERR_AUTHENTICATION')
      assert.deepEqual(error.errorCodes, [90002])
    })

    test('that prints something else shows nothing of it', async () => {
      standIns.install('az', { stdout: '{"accessToken":"marker-token"' })
      const error = await failure(az().getClientToken())
      assert.equal(error.code, 'ERR_NETWORK')
      assert.doesNotMatch(require('node:util').inspect(error, { depth: 9 }), /marker/)
    })

    test('that hangs is ended with all that it started', async () => {
      standIns.install('az', { hangs: true })
      const error = await failure(az({ processTimeout: 1500 }).getClientToken())
      assert.equal(error.code, 'ERR_TIMEOUT')
      assert.match(error.message, /within 1500 ms/)
      await ended(standIns.pid('az'))
    })

    test('is ended when nobody waits for it any more', async () => {
      standIns.install('az', { hangs: true })
      const controller = new AbortController()
      const call = failure(az().getClientToken({}, { signal: controller.signal }))
      while (!standIns.pid('az')) await delay(20)
      controller.abort(new Error('enough'))
      assert.equal((await call).message, 'enough')
      await ended(standIns.pid('az'))
    })

    test('gets no argument that could be read as anything else', async () => {
      standIns.install('az', { stdout: azToken() })
      await assert.rejects(az().getToken('https://x/$(id)/.default'), { code: 'ERR_CONFIGURATION', message: /invalid scope/ })
      await assert.rejects(az({ subscription: 'a;b' }).getClientToken(), { code: 'ERR_CONFIGURATION' })
      assert.deepEqual(standIns.runs('az'), [])
    })
  })

  test('the Azure Developer CLI gives a token, or says what to type', async () => {
    const own = new ClientTokenCredential({ credential: 'azureDeveloperCli', tenantId: TENANT })
    const expiresOn = new Date(inAnHour * 1000).toISOString()
    standIns.install('azd', { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn }) })
    const { token, expiresOnTimestamp } = await own.getToken(SCOPE)
    assert.deepEqual([token, expiresOnTimestamp], ['ey.azd.token', inAnHour * 1000])
    assert.deepEqual(standIns.runs('azd'), [`auth token -o json --no-prompt --scope ${SCOPE} --tenant-id ${TENANT}`])

    const message = '\nERROR: not logged in, run `azd auth login` to login\n'
    standIns.install('azd', { exit: 1, stderr: JSON.stringify({ type: 'consoleMessage', data: { message } }) })
    const error = await failure(own.getToken('https://other.example/.default'))
    assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE')
    assert.match(error.message, /azd auth login --tenant-id/)
  })

  test('Azure PowerShell gives a token, or says what to type', async () => {
    const own = new ClientTokenCredential({ credential: 'azurePowerShell' })
    standIns.install('pwsh', { stdout: JSON.stringify({ token: 'ey.pwsh.token', expiresOn: inAnHour, tenantId: TENANT }) })
    assert.equal((await own.getToken(SCOPE)).token, 'ey.pwsh.token')
    const [[, encoded]] = [...(standIns.runs('pwsh')[0] ?? '').matchAll(/-EncodedCommand (\S+)$/g)]
    const script = Buffer.from(encoded ?? '', 'base64').toString('utf16le')
    assert.match(script, /ResourceUrl = 'https:\/\/management\.azure\.com\/'/)

    standIns.install('pwsh', { exit: 1, stderr: 'ERROR: Run Connect-AzAccount to login.\n' })
    const error = await failure(own.getToken('https://other.example/.default'))
    assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE')
    assert.match(error.message, /Run: Connect-AzAccount/)
  })

  test('a command of one\'s own gets what is asked for, read by no shell', async () => {
    standIns.install('give-token', { stdout: JSON.stringify({ token: 'ey.own.token', expiresOn: inAnHour }) })
    const own = new ClientTokenCredential({ credential: 'command', program: 'give-token', arguments: ['{scope}', '$HOME;`id`'] })
    const { token, source } = await own.getToken('api://x/.default')
    assert.deepEqual([token, source], ['ey.own.token', 'command'])
    assert.deepEqual(standIns.runs('give-token'), ['api://x/.default $HOME;`id`'])
  })

  test('the default chain goes past a tool that fails', async () => {
    standIns.install('az', { exit: 1, stderr: 'ERROR: AADSTS90002: Tenant not found.\n' })
    standIns.install('azd', { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn: inAnHour }) })
    logIn({ AZURE_TOKEN_CREDENTIALS: 'dev' })
    const { source } = await new ClientTokenCredential({ credential: 'default' }).getClientToken()
    assert.equal(source, 'azureDeveloperCli')
  })
})
