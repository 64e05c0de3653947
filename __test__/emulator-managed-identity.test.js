// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { createHash, randomUUID } = require('node:crypto')
const fs = require('node:fs')
const tls = require('node:tls')
const { after, afterEach, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { request } = require('./support/http')

const RESOURCE = 'https://management.azure.com/'
const METADATA = { metadata: 'true' }

/**
 * @param {string} url
 * @param {Record<string, string>} query
 */
const withQuery = (url, query) => `${url}?${new URLSearchParams(query)}`

describe('managed identity', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => void (emulator = await startEmulator()))
  after(() => emulator.close())
  afterEach(() => {
    emulator.faults.clear()
    emulator.resetCounters()
  })

  /**
   * @param {import('./support/http').Answer} answer
   * @param {{ clientId: string } | null} identity
   */
  async function assertToken({ status, json, text }, identity) {
    const { createLocalJWKSet, jwtVerify } = await import('jose')
    assert.equal(status, 200, text)
    const keys = await request(`${emulator.authorityHost}${emulator.tenantId}/discovery/keys`, { ca: emulator.caCertificate })
    const { payload } = await jwtVerify(json.access_token, createLocalJWKSet(keys.json), { audience: RESOURCE })
    assert.equal(payload.appid, identity?.clientId)
    assert.equal(payload.tid, emulator.tenantId)
    assert.equal(json.token_type, 'Bearer')
    return json
  }

  describe('IMDS', () => {
    /**
     * @param {Record<string, string>} query
     * @param {Record<string, string>} [headers]
     */
    const ask = (query, headers = METADATA) => {
      const host = emulator.managedIdentity.imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST
      return request(withQuery(`${host}/metadata/identity/oauth2/token`, query), { headers })
    }
    const RIGHT = { 'api-version': '2018-02-01', resource: RESOURCE }

    test('gives the system-assigned identity its token, with the expiry as a string', async () => {
      const json = await assertToken(await ask(RIGHT), emulator.managedIdentity.systemAssigned)
      assert.ok(Number(json.expires_on) > Date.now() / 1000)
      assert.equal(typeof json.expires_on, 'string')
      assert.equal(emulator.counters.managedIdentityRequests, 1)
    })

    test('finds a user-assigned identity by client, object and resource id', async () => {
      const [identity] = emulator.managedIdentity.userAssigned
      await assertToken(await ask({ ...RIGHT, client_id: identity.clientId }), identity)
      await assertToken(await ask({ ...RIGHT, object_id: identity.objectId }), identity)
      await assertToken(await ask({ ...RIGHT, msi_res_id: String(identity.resourceId) }), identity)
    })

    /** @type {[string, () => ReturnType<typeof ask>, RegExp][]} */
    const REFUSALS = [
      ['an unknown identity', () => ask({ ...RIGHT, client_id: randomUUID() }), /^Identity not found$/],
      ['no Metadata header', () => ask(RIGHT, {}), /metadata header/],
      ['a forwarded request', () => ask(RIGHT, { ...METADATA, 'x-forwarded-for': '192.0.2.1' }), /X-Forwarded-For/],
      ['no resource', () => ask({ 'api-version': '2018-02-01' }), /'resource' is missing/],
      ['no api-version', () => ask({ resource: RESOURCE }), /'api-version' is missing/]
    ]
    for (const [what, asked, reason] of REFUSALS) {
      test(`refuses ${what}`, async () => {
        const { status, json } = await asked()
        assert.deepEqual([status, json.error], [400, 'invalid_request'])
        assert.match(json.error_description, reason)
      })
    }

    test('can have faults apart from the other services', async () => {
      emulator.faults.add({ when: ({ service }) => service === 'imds', status: 410, times: 1 })
      assert.equal((await ask(RIGHT)).status, 410)
      assert.equal((await ask(RIGHT)).status, 200)
    })
  })

  test('App Service requires its header and finds identities by their ids', async () => {
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = emulator.managedIdentity.appService.environment
    const ask = (query = {}, header = IDENTITY_HEADER) =>
      request(withQuery(IDENTITY_ENDPOINT, { 'api-version': '2019-08-01', resource: RESOURCE, ...query }), {
        headers: { 'x-identity-header': header }
      })
    const [identity] = emulator.managedIdentity.userAssigned
    await assertToken(await ask(), emulator.managedIdentity.systemAssigned)
    await assertToken(await ask({ client_id: identity.clientId }), identity)
    await assertToken(await ask({ principal_id: identity.objectId }), identity)
    await assertToken(await ask({ mi_res_id: identity.resourceId }), identity)
    assert.equal((await ask({}, 'wrong')).status, 401)
    assert.equal((await ask({ client_id: randomUUID() })).json.statusCode, 400)
    assert.equal((await ask({ 'api-version': '2000-01-01' })).status, 400)
    assert.equal(JSON.stringify(emulator.requests).includes(IDENTITY_HEADER), false)
  })

  test('Cloud Shell requires a form and the Metadata header', async () => {
    const { MSI_ENDPOINT } = emulator.managedIdentity.cloudShell.environment
    const form = { resource: RESOURCE }
    await assertToken(await request(MSI_ENDPOINT, { form, headers: METADATA }), emulator.managedIdentity.systemAssigned)
    assert.equal((await request(MSI_ENDPOINT, { form })).status, 400)
    assert.equal((await request(MSI_ENDPOINT, { headers: METADATA })).status, 405)
  })

  test('Azure ML requires its secret and the first api-version', async () => {
    const { MSI_ENDPOINT, MSI_SECRET } = emulator.managedIdentity.azureMl.environment
    const ask = (query = {}, secret = MSI_SECRET) =>
      request(withQuery(MSI_ENDPOINT, { 'api-version': '2017-09-01', resource: RESOURCE, ...query }), { headers: { secret } })
    const [identity] = emulator.managedIdentity.userAssigned
    await assertToken(await ask(), emulator.managedIdentity.systemAssigned)
    await assertToken(await ask({ clientid: identity.clientId }), identity)
    assert.equal((await ask({}, 'wrong')).status, 401)
    assert.equal((await ask({ clientid: randomUUID() })).status, 400)
  })

  test('Service Fabric presents a certificate with the thumbprint in its variable', async () => {
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER, IDENTITY_SERVER_THUMBPRINT } = emulator.managedIdentity.serviceFabric.environment
    const ask = (secret = IDENTITY_HEADER) =>
      request(withQuery(IDENTITY_ENDPOINT, { 'api-version': '2019-07-01-preview', resource: RESOURCE }), {
        headers: { secret },
        rejectUnauthorized: false
      })
    const json = await assertToken(await ask(), emulator.managedIdentity.systemAssigned)
    assert.equal(typeof json.expires_on, 'number')
    assert.equal((await ask('wrong')).json.error.code, 'SecretHeaderNotFound')
    assert.equal(await thumbprintOf(IDENTITY_ENDPOINT), IDENTITY_SERVER_THUMBPRINT)
  })

  /**
   * @param {string} url
   * @returns {Promise<string>}
   */
  function thumbprintOf(url) {
    const { hostname: host, port } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = tls.connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
        resolve(createHash('sha1').update(socket.getPeerCertificate().raw).digest('hex').toUpperCase())
        socket.destroy()
      })
      socket.once('error', reject)
    })
  }

  test('Azure Arc challenges with a file, and each secret can be used once', async () => {
    const { IDENTITY_ENDPOINT } = emulator.managedIdentity.azureArc.environment
    const ask = (/** @type {Record<string, string>} */ headers = {}) =>
      request(withQuery(IDENTITY_ENDPOINT, { 'api-version': '2019-11-01', resource: RESOURCE }), { headers: { ...METADATA, ...headers } })
    const challenge = await ask()
    assert.equal(challenge.status, 401)
    const file = String(challenge.headers['www-authenticate']).replace(/^Basic realm=/, '')
    assert.ok(file.startsWith(emulator.managedIdentity.arcTokensFolder) && file.endsWith('.key'), file)
    const authorization = `Basic ${fs.readFileSync(file, 'utf8')}`
    await assertToken(await ask({ authorization }), emulator.managedIdentity.systemAssigned)
    assert.equal((await ask({ authorization })).status, 401)
    assert.equal((await request(IDENTITY_ENDPOINT)).status, 400)
  })

  test('Azure Arc confirms a user-assigned identity, in the version that supports them', async () => {
    const { IDENTITY_ENDPOINT } = emulator.managedIdentity.azureArc.environment
    const [identity] = emulator.managedIdentity.userAssigned
    /** @param {Record<string, string>} query */
    const answer = async (query) => {
      const url = withQuery(IDENTITY_ENDPOINT, { resource: RESOURCE, ...query })
      const challenge = await request(url, { headers: METADATA })
      const file = String(challenge.headers['www-authenticate']).replace(/^Basic realm=/, '')
      return request(url, { headers: { ...METADATA, authorization: `Basic ${fs.readFileSync(file, 'utf8')}` } })
    }
    const version = '2020-06-01'
    const ids = { client_id: identity.clientId, object_id: identity.objectId, msi_res_id: String(identity.resourceId) }
    for (const [name, value] of Object.entries(ids)) {
      const json = await assertToken(await answer({ 'api-version': version, [name]: value }), identity)
      assert.equal(json[name], value)
    }
    const older = await answer({ 'api-version': '2019-11-01', client_id: identity.clientId })
    const json = await assertToken(older, emulator.managedIdentity.systemAssigned)
    assert.equal(json.object_id, undefined)
  })

  test('App Service and Service Fabric cache a token until it is named as refused', async () => {
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = emulator.managedIdentity.appService.environment
    const ask = async (query = {}) => {
      const url = withQuery(IDENTITY_ENDPOINT, { 'api-version': '2019-08-01', resource: 'https://vault.azure.net', ...query })
      return (await request(url, { headers: { 'x-identity-header': IDENTITY_HEADER } })).json.access_token
    }
    const first = await ask()
    assert.equal(await ask(), first)
    assert.equal(await ask({ token_sha256_to_refresh: '0'.repeat(64) }), first)
    const hash = createHash('sha256').update(first).digest('hex')
    const second = await ask({ token_sha256_to_refresh: hash })
    assert.notEqual(second, first)
    assert.equal(await ask(), second)
  })
})

describe('options of managed identity', () => {
  /** @param {import('../emulator/managed-identity').HostOptions} managedIdentity */
  async function askAppService(managedIdentity) {
    const emulator = await startEmulator({ managedIdentity })
    const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = emulator.managedIdentity.appService.environment
    const url = withQuery(IDENTITY_ENDPOINT, { 'api-version': '2019-08-01', resource: RESOURCE })
    return request(url, { headers: { 'x-identity-header': IDENTITY_HEADER } }).finally(emulator.close)
  }

  test('the expiry is written in each format that hosts have used', async () => {
    const { json: asNumber } = await askAppService({ expiresOn: 'number' })
    assert.equal(typeof asNumber.expires_on, 'number')
    const { json: asDate } = await askAppService({ expiresOn: 'date', tokenLifetime: 3600 })
    assert.match(asDate.expires_on, /^\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M \+00:00$/)
    assert.ok(Math.abs(Date.parse(asDate.expires_on) - Date.now() - 3_600_000) < 30_000)
    const { json: asLifetime } = await askAppService({ expiresOn: 'absent', tokenLifetime: 60 })
    assert.deepEqual([asLifetime.expires_in, asLifetime.expires_on], [60, undefined])
  })

  test('a host can have no identity', async () => {
    assert.equal((await askAppService({ systemAssigned: null })).status, 400)
  })

  test('an address that is not loopback is refused, and nothing stays open', async () => {
    await assert.rejects(startEmulator({ managedIdentity: { imds: { host: '192.0.2.1' } } }), /loopback/)
  })
})
