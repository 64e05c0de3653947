// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const https = require('node:https')
const { after, afterEach, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { request } = require('./support/http')
const { DEFAULT_SCOPE, askForToken } = require('./support/token-requests')

describe('the emulated Entra ID', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => void (emulator = await startEmulator()))
  after(() => emulator.close())
  afterEach(() => {
    emulator.faults.clear()
    emulator.resetCounters()
  })

  /** @param {string} path */
  const document = (path) => request(`${emulator.authorityHost}${path}`, { ca: emulator.caCertificate })

  test('answers a client secret with a token that its own key set verifies', async () => {
    const { status, json } = await askForToken(emulator)
    assert.equal(status, 200)
    assert.equal(json.token_type, 'Bearer')
    assert.equal(json.expires_in, 3599)
    assert.equal(json.ext_expires_in, 3599)
    assert.equal('refresh_in' in json, false)

    const { createLocalJWKSet, jwtVerify } = await import('jose')
    const keys = (await document(`${emulator.tenantId}/discovery/v2.0/keys`)).json
    const { payload, protectedHeader } = await jwtVerify(json.access_token, createLocalJWKSet(keys), {
      algorithms: ['RS256'],
      audience: 'https://management.azure.com/',
      issuer: `https://sts.windows.net/${emulator.tenantId}/`
    })
    assert.equal(protectedHeader.kid, keys.keys[0].kid)
    assert.equal(payload.appid, emulator.clientId)
    assert.equal(payload.tid, emulator.tenantId)
    assert.equal(payload.ver, '1.0')
    assert.equal(payload.oid, payload.sub)
    assert.ok(Math.abs(Number(payload.exp) - Date.now() / 1000 - 3599) < 30)
  })

  const AUDIENCES = [
    [DEFAULT_SCOPE, 'https://management.azure.com/'],
    ['https://graph.microsoft.com/.default', 'https://graph.microsoft.com'],
    ['api://0b1f2c3d-0000-4000-8000-000000000001/.default', 'api://0b1f2c3d-0000-4000-8000-000000000001'],
    ['https://graph.microsoft.com/.default openid offline_access profile', 'https://graph.microsoft.com']
  ]
  for (const [scope, audience] of AUDIENCES) {
    test(`gives scope ${scope} the audience ${audience}`, async () => {
      const { decodeJwt } = await import('jose')
      const { json } = await askForToken(emulator, { scope })
      assert.equal(decodeJwt(json.access_token).aud, audience)
    })
  }

  test('accepts the secret form-encoded in a Basic header', async () => {
    const credentials = [emulator.clientId, emulator.clientSecret].map(encodeURIComponent).join(':')
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
    const { status } = await askForToken(emulator, { client_id: undefined, client_secret: undefined }, { headers: { authorization } })
    assert.equal(status, 200)
    assert.equal(emulator.requests[0].headers.authorization, 'Basic')
  })

  test('names each answer, and repeats the name that the client has sent on request', async () => {
    const given = { 'client-request-id': randomUUID() }
    const silent = await askForToken(emulator, {}, { headers: given })
    const asked = await askForToken(emulator, {}, { headers: { ...given, 'return-client-request-id': 'true' } })
    assert.equal(silent.headers['client-request-id'], undefined)
    assert.equal(asked.headers['client-request-id'], given['client-request-id'])
    assert.notEqual(silent.headers['x-ms-request-id'], asked.headers['x-ms-request-id'])
  })

  test('repeats the capabilities that a claims parameter announces', async () => {
    const { decodeJwt } = await import('jose')
    const { json } = await askForToken(emulator, { claims: '{"access_token":{"xms_cc":{"values":["CP1"]}}}' })
    assert.deepEqual(decodeJwt(json.access_token).xms_cc, ['CP1'])
  })

  /** @type {[string, Record<string, string | undefined>, string | undefined, number, string, number][]} */
  const REFUSALS = [
    ['a wrong secret', { client_secret: 'wrong' }, undefined, 401, 'invalid_client', 7000215],
    ['no credential', { client_secret: undefined }, undefined, 401, 'invalid_client', 7000216],
    ['an unknown application', { client_id: randomUUID() }, undefined, 400, 'unauthorized_client', 700016],
    ['an unknown tenant', {}, randomUUID(), 400, 'invalid_request', 90002],
    ['an unknown domain', {}, 'nowhere.example', 400, 'invalid_request', 90002],
    ['a tenant that is none', {}, 'nonsense', 400, 'invalid_request', 900023],
    ['no scope', { scope: undefined }, undefined, 400, 'invalid_request', 900144],
    ['no client id', { client_id: undefined }, undefined, 400, 'invalid_request', 900144],
    ['no grant type', { grant_type: undefined }, undefined, 400, 'invalid_request', 900144],
    ['an unknown grant type', { grant_type: 'password' }, undefined, 400, 'unsupported_grant_type', 70003],
    ['a scope without /.default', { scope: 'https://graph.microsoft.com/User.Read' }, undefined, 400, 'invalid_scope', 70011],
    ['a scope without a resource', { scope: '/.default' }, undefined, 400, 'invalid_scope', 70011],
    ['two resources', { scope: 'api://a/.default api://b/.default' }, undefined, 400, 'invalid_scope', 700022]
  ]
  for (const [what, changes, tenant, status, error, code] of REFUSALS) {
    test(`refuses ${what} as Entra ID does: AADSTS${code}`, async () => {
      const correlationId = randomUUID()
      const answer = await askForToken(emulator, changes, { tenant, headers: { 'client-request-id': correlationId } })
      assert.equal(answer.status, status)
      assertEntraError(answer, { error, code, correlationId })
    })
  }

  /**
   * @param {import('./support/http').Answer} answer
   * @param {{ error: string, code: number, correlationId: string }} expected
   */
  function assertEntraError({ json, headers }, { error, code, correlationId }) {
    assert.equal(json.error, error)
    assert.deepEqual(json.error_codes, [code])
    assert.equal(json.correlation_id, correlationId)
    assert.match(json.timestamp, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    assert.equal(headers['x-ms-request-id'], json.trace_id)
    const ids = `Trace ID: ${json.trace_id} Correlation ID: ${correlationId} Timestamp: ${json.timestamp}`
    assert.ok(json.error_description.startsWith(`AADSTS${code}: `), json.error_description)
    assert.ok(json.error_description.endsWith(ids), json.error_description)
    assert.ok(json.error_uri.endsWith(`/error?code=${code}`))
  }

  test('publishes discovery documents that lead back to it', async () => {
    const host = emulator.authorityHost
    const v2 = (await document(`${emulator.tenantId}/v2.0/.well-known/openid-configuration`)).json
    assert.equal(v2.token_endpoint, `${host}${emulator.tenantId}/oauth2/v2.0/token`)
    assert.equal(v2.jwks_uri, `${host}${emulator.tenantId}/discovery/v2.0/keys`)
    const v1 = (await document(`${emulator.tenantId}/.well-known/openid-configuration`)).json
    assert.equal(v1.issuer, `https://sts.windows.net/${emulator.tenantId}/`)
    const instance = (await document('common/discovery/instance?api-version=1.1')).json
    assert.equal(instance.metadata[0].preferred_network, new URL(host).host)
    const cloud = (await document('metadata/endpoints?api-version=2022-09-01')).json
    assert.equal(cloud.authentication.loginEndpoint, host)
    assert.equal(cloud.resourceManager, 'https://management.azure.com/')
    assert.equal(emulator.counters.discoveryRequests, 4)
    assert.equal((await document('nowhere')).status, 404)
    assert.equal((await document(`${emulator.tenantId}/oauth2/v2.0/token`)).status, 405)
  })

  test('counts requests and connections, and records no secret', async () => {
    const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
    await askForToken(emulator, {}, { agent })
    await askForToken(emulator, { client_secret: 'wrong' }, { agent })
    agent.destroy()
    assert.equal(emulator.counters.requests, 2)
    assert.equal(emulator.counters.tokenRequests, 2)
    assert.equal(emulator.counters.connections, 1)
    const [first] = emulator.requests
    assert.deepEqual(first.fields, ['grant_type', 'client_id', 'client_secret', 'scope'])
    assert.deepEqual(first.form, { grant_type: 'client_credentials', client_id: emulator.clientId, scope: DEFAULT_SCOPE })
    assert.equal(JSON.stringify(emulator.requests).includes(emulator.clientSecret), false)
    emulator.resetCounters()
    assert.equal(emulator.counters.requests, 0)
    assert.equal(emulator.requests.length, 0)
  })

  test('resumes TLS 1.2 and 1.3 sessions', async () => {
    for (const version of /** @type {const} */ (['TLSv1.2', 'TLSv1.3'])) {
      const agent = new https.Agent({ minVersion: version, maxVersion: version })
      await askForToken(emulator, {}, { agent })
      await askForToken(emulator, {}, { agent })
      assert.equal(emulator.counters.resumedSessions, 1, version)
      emulator.resetCounters()
    }
  })

  test('a fault occurs as often as it is set to, then the real answer returns', async () => {
    emulator.faults.add({ status: 503, headers: { 'retry-after': '1' }, body: 'busy', times: 1 })
    const struck = await askForToken(emulator)
    assert.deepEqual([struck.status, struck.headers['retry-after'], struck.text], [503, '1', 'busy'])
    assert.equal((await askForToken(emulator)).status, 200)
  })

  test('a fault affects only the requests that it is meant for', async () => {
    emulator.faults.add({ when: ({ form }) => form.scope === 'api://a/.default', status: 500, body: { error: 'server_error' } })
    assert.equal((await askForToken(emulator)).status, 200)
    assert.deepEqual((await askForToken(emulator, { scope: 'api://a/.default' })).json, { error: 'server_error' })
    emulator.faults.clear()
    emulator.faults.add({ path: '/discovery/', status: 404 })
    assert.equal((await askForToken(emulator)).status, 200)
    assert.equal((await document(`${emulator.tenantId}/discovery/v2.0/keys`)).status, 404)
  })

  test('a fault can delay, add a header, or cut the connection', async () => {
    emulator.faults.add({ delay: 100, headers: { 'x-added': 'yes' }, times: 1 })
    const started = Date.now()
    const delayed = await askForToken(emulator)
    assert.ok(Date.now() - started >= 95)
    assert.deepEqual([delayed.status, delayed.headers['x-added']], [200, 'yes'])

    emulator.faults.add({ destroy: true, times: 1 })
    await assert.rejects(askForToken(emulator), { code: 'ECONNRESET' })
    emulator.faults.add({ destroy: true, body: '{"access_token":"cut', times: 1 })
    await assert.rejects(askForToken(emulator), { code: 'ECONNRESET' })
  })
})
