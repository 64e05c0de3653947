// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const { after, before, describe, test } = require('node:test')
const { createClientCertificate } = require('../emulator/certificates')
const { signAssertion } = require('./support/assertions')
const { startOidcProvider } = require('./support/oidc-provider')
const { askForToken, askWithAssertion } = require('./support/token-requests')

// A server that accepts everything would prove nothing: these tests make it refuse.

/** @typedef {Awaited<ReturnType<typeof startOidcProvider>>} Provider */

describe('the independent server, for a secret', () => {
  /** @type {Provider} */
  let provider
  const client = { tenantId: randomUUID(), clientId: randomUUID(), clientSecret: 'a~secret+with/=& %characters' }
  before(async () => void (provider = await startOidcProvider({ ...client, clientSecret: client.clientSecret })))
  after(() => provider.close())

  const login = () => ({ ...client, ...provider })

  test('accepts the right one', async () => {
    const { decodeJwt } = await import('jose')
    const { status, json } = await askForToken(login())
    assert.deepEqual([status, json.token_type, json.expires_in], [200, 'Bearer', 3599])
    const claims = decodeJwt(json.access_token)
    assert.deepEqual([claims.aud, claims.iss], ['https://management.azure.com/', `https://sts.windows.net/${client.tenantId}/`])
  })

  /** @type {[string, Record<string, string>, number, string, number][]} */
  const REFUSALS = [
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['an unknown client', { client_id: randomUUID() }, 401, 'invalid_client', 700016],
    ['a scope that is not a resource', { scope: 'https://management.azure.com/read' }, 400, 'invalid_scope', 70011],
    ['an unknown grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003]
  ]
  for (const [what, changes, status, error, code] of REFUSALS) {
    test(`refuses ${what}: AADSTS${code}`, async () => {
      const correlationId = randomUUID()
      const answer = await askForToken(login(), changes, { headers: { 'client-request-id': correlationId } })
      assert.deepEqual([answer.status, answer.json.error], [status, error])
      assert.deepEqual(answer.json.error_codes, [code])
      assert.equal(answer.json.correlation_id, correlationId)
      assert.ok(answer.json.error_description.startsWith(`AADSTS${code}: `))
    })
  }
})

describe('the independent server, for a certificate', () => {
  /** @type {Provider} */
  let provider
  /** @type {import('./support/assertions').CertificatePair[]} */
  let pairs
  const client = { tenantId: randomUUID(), clientId: randomUUID() }
  before(async () => {
    pairs = await Promise.all([createClientCertificate(), createClientCertificate()])
    provider = await startOidcProvider({ ...client, certificate: pairs[0].certificate })
  })
  after(() => provider.close())

  /** @param {import('./support/assertions').AssertionChanges} [changes] */
  function sign(changes) {
    const tokenEndpoint = `${provider.authorityHost}${client.tenantId}/oauth2/v2.0/token`
    return signAssertion({ tokenEndpoint, clientId: client.clientId }, pairs[0], changes)
  }

  /** @param {string} assertion */
  const ask = (assertion) => askWithAssertion({ ...client, ...provider, clientSecret: '' }, assertion)

  for (const algorithm of /** @type {const} */ (['PS256', 'RS256'])) {
    test(`accepts ${algorithm}`, async () => {
      const { status, text } = await ask(await sign({ algorithm }))
      assert.equal(status, 200, `${text} ${provider.lastGrantError()}`)
    })
  }

  const now = () => Math.floor(Date.now() / 1000)
  /** @type {[string, () => import('./support/assertions').AssertionChanges, RegExp, number][]} */
  const REFUSALS = [
    ['a bad signature', () => ({ key: pairs[1].privateKey }), /signature/, 700027],
    ['a wrong audience', () => ({ claims: { aud: 'https://login.example/' } }), /audience/, 700023],
    ['an expired assertion', () => ({ claims: { nbf: now() - 900, exp: now() - 300 } }), /expired/, 700024],
    ['an assertion for later', () => ({ claims: { nbf: now() + 300, exp: now() + 600 } }), /not active/, 700024],
    ['an assertion for a day', () => ({ claims: { exp: now() + 86400 } }), /exp /, 700024],
    ['another issuer', () => ({ claims: { iss: randomUUID() } }), /iss/, 700027],
    ['a missing jti', () => ({ claims: { jti: undefined } }), /jti/, 700027],
    ['a wrong thumbprint', () => ({ header: { 'x5t#S256': 'AAAA' } }), /x5t#S256/, 700027]
  ]
  for (const [what, changes, reason, code] of REFUSALS) {
    test(`refuses ${what}`, async () => {
      const { status, json } = await ask(await sign(changes()))
      assert.equal(status, 401)
      assert.match(String(provider.lastGrantError()), reason)
      assert.deepEqual(json.error_codes, [code])
    })
  }

  test('refuses an assertion that it has already seen', async () => {
    const assertion = await sign()
    assert.equal((await ask(assertion)).status, 200)
    assert.equal((await ask(assertion)).status, 401)
    assert.match(String(provider.lastGrantError()), /only be used once/)
  })
})
