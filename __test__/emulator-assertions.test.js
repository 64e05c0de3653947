// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { X509Certificate, randomUUID } = require('node:crypto')
const fs = require('node:fs')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { createClientCertificate } = require('../emulator/certificates')
const { signAssertion } = require('./support/assertions')
const { request } = require('./support/http')
const { runNode } = require('./support/run')
const { askForToken, askWithAssertion } = require('./support/token-requests')

const HOUR = 60 * 60 * 1000

describe('client certificates', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  /** @type {Record<'own' | 'other' | 'expired', import('../emulator/certificates').CertificatePair>} */
  let pairs
  before(async () => {
    const [own, other, expired] = await Promise.all([
      createClientCertificate(),
      createClientCertificate(),
      createClientCertificate({ notBefore: new Date(Date.now() - 2 * HOUR), notAfter: new Date(Date.now() - HOUR) })
    ])
    pairs = { own, other, expired }
    emulator = await startEmulator({ applications: [{ certificates: [own.certificate, expired.certificate] }] })
  })
  after(() => emulator.close())

  /**
   * @param {import('./support/assertions').AssertionChanges} [changes]
   * @param {'own' | 'other' | 'expired'} [pair]
   */
  function sign(changes, pair = 'own') {
    const tokenEndpoint = `${emulator.authorityHost}${emulator.tenantId}/oauth2/v2.0/token`
    return signAssertion({ tokenEndpoint, clientId: emulator.clientId }, pairs[pair], changes)
  }

  for (const algorithm of /** @type {const} */ (['PS256', 'RS256'])) {
    test(`accepts ${algorithm}, and the token says that a key was used`, async () => {
      const { decodeJwt } = await import('jose')
      const { status, json } = await askWithAssertion(emulator, await sign({ algorithm }))
      assert.equal(status, 200)
      assert.equal(decodeJwt(json.access_token).appidacr, '2')
    })
  }

  test('accepts a certificate chain that begins with the certificate, and no other', async () => {
    const der = new X509Certificate(pairs.own.certificate).raw.toString('base64')
    assert.equal((await askWithAssertion(emulator, await sign({ header: { x5c: [der] } }))).status, 200)
    const wrong = await askWithAssertion(emulator, await sign({ header: { x5c: [pairs.own.certificate] } }))
    assert.deepEqual(wrong.json.error_codes, [700027])
  })

  const now = () => Math.floor(Date.now() / 1000)
  /** @type {[string, () => Promise<string>, number][]} */
  const REFUSALS = [
    ['a signature by another key', () => sign({ key: pairs.other.privateKey }), 700027],
    ['a certificate that it does not know', () => sign({}, 'other'), 700027],
    ['a certificate that has expired', () => sign({}, 'expired'), 700027],
    ['no thumbprint', () => sign({ header: { 'x5t#S256': undefined } }), 700027],
    ['a missing jti', () => sign({ claims: { jti: undefined } }), 700027],
    ['another subject', () => sign({ claims: { sub: randomUUID() } }), 700021],
    ['another audience', () => sign({ claims: { aud: 'https://login.example/token' } }), 700023],
    ['an assertion that has expired', () => sign({ claims: { exp: now() - 5 } }), 700024],
    ['an assertion for later', () => sign({ claims: { nbf: now() + 400, exp: now() + 600 } }), 700024],
    ['an assertion for a whole day', () => sign({ claims: { exp: now() + 86400 } }), 700024],
    ['an assertion without expiry', () => sign({ claims: { exp: undefined } }), 700024],
    ['no JWT', async () => 'nonsense', 50027]
  ]
  for (const [what, assertion, code] of REFUSALS) {
    test(`refuses ${what}: AADSTS${code}`, async () => {
      const { status, json } = await askWithAssertion(emulator, await assertion())
      assert.equal(status, code === 50027 ? 400 : 401)
      assert.deepEqual(json.error_codes, [code])
    })
  }

  test('refuses an assertion that it has already seen', async () => {
    const assertion = await sign()
    assert.equal((await askWithAssertion(emulator, assertion)).status, 200)
    assert.deepEqual((await askWithAssertion(emulator, assertion)).json.error_codes, [700027])
  })

  test('checks the type of the assertion', async () => {
    const [missing, wrong] = [undefined, 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer']
    const ask = async (/** @type {string | undefined} */ type) =>
      (await askWithAssertion(emulator, await sign(), { client_assertion_type: type })).json.error_codes
    assert.deepEqual(await ask(missing), [900144])
    assert.deepEqual(await ask(wrong), [7000216])
  })
})

describe('federated identities', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => void (emulator = await startEmulator()))
  after(() => emulator.close())

  test('the assertion in the file of a pod is accepted, again and again', async () => {
    const assertion = fs.readFileSync(emulator.workloadIdentity.tokenFile, 'utf8').trim()
    assert.equal((await askWithAssertion(emulator, assertion)).status, 200)
    assert.equal((await askWithAssertion(emulator, assertion)).status, 200)
  })

  /** @type {[string, object, number, number][]} */
  const REFUSALS = [
    ['issuer', { issuer: 'https://issuer.example' }, 401, 700211],
    ['audience', { audience: 'api://other' }, 401, 700212],
    ['subject', { subject: 'system:serviceaccount:default:Workload' }, 401, 700213],
    ['lifetime', { lifetime: -10 }, 401, 700024]
  ]
  for (const [what, changes, status, code] of REFUSALS) {
    test(`refuses an assertion with a wrong ${what}: AADSTS${code}`, async () => {
      const answer = await askWithAssertion(emulator, emulator.issueAssertion(changes))
      assert.equal(answer.status, status)
      assert.deepEqual(answer.json.error_codes, [code])
    })
  }

  test('refuses keys that the issuer has not published, and signatures that do not fit', async () => {
    const { SignJWT, decodeJwt, decodeProtectedHeader, generateKeyPair } = await import('jose')
    const right = emulator.issueAssertion()
    const { privateKey } = await generateKeyPair('RS256')
    const sign = (/** @type {string} */ kid) =>
      new SignJWT(decodeJwt(right)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey)
    const forged = await sign(String(decodeProtectedHeader(right).kid))
    assert.deepEqual((await askWithAssertion(emulator, forged)).json.error_codes, [50013])
    assert.deepEqual((await askWithAssertion(emulator, await sign('other'))).json.error_codes, [5000811])
  })

  test('an application can trust an issuer by one public key', async () => {
    const { SignJWT, exportSPKI, generateKeyPair } = await import('jose')
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const trust = { issuer: 'https://issuer.example', subject: 'job', audience: 'api://exchange' }
    const federatedCredentials = [{ ...trust, publicKey: await exportSPKI(publicKey) }]
    const other = await startEmulator({ applications: [{}, { clientId: 'b', federatedCredentials }, { clientId: 'c' }] })
    const assertion = await new SignJWT({ iss: trust.issuer, sub: trust.subject, aud: trust.audience })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('5m')
      .sign(privateKey)
    const trusting = await askWithAssertion(other, assertion, { client_id: 'b' })
    const ignorant = await askWithAssertion(other, assertion, { client_id: 'c' })
    await other.close()
    assert.equal(trusting.status, 200)
    assert.deepEqual([ignorant.status, ignorant.json.error_codes], [400, [70021]])
  })

  test('a job of GitHub Actions gets an assertion for the audience that it names', async () => {
    const { requestUrl, requestToken } = emulator.githubOidc
    const ask = (/** @type {string} */ token) =>
      request(`${requestUrl}&audience=api://AzureADTokenExchange`, { ca: emulator.caCertificate, headers: { authorization: `Bearer ${token}` } })
    const { json } = await ask(requestToken)
    assert.equal(json.count, json.value.length)
    assert.equal((await askWithAssertion(emulator, json.value)).status, 200)
    assert.equal((await ask('wrong')).status, 401)
  })

  test('@actions/core itself gets an assertion that is accepted', async () => {
    const script = `import('@actions/core').then(({ getIDToken }) => getIDToken('api://AzureADTokenExchange')).then(console.log)`
    const { requestUrl, requestToken } = emulator.githubOidc
    const output = await runNode(script, {
      ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      NODE_EXTRA_CA_CERTS: emulator.caFile
    })
    const assertion = output.split('\n').find((line) => line.startsWith('ey')) ?? ''
    assert.equal((await askWithAssertion(emulator, assertion)).status, 200)
  })

  test('a pipeline of Azure DevOps gets an assertion of its service connection', async () => {
    const { requestUrl, accessToken, serviceConnectionId } = emulator.azureDevops
    const ask = (/** @type {string} */ token, id = serviceConnectionId, headers = {}) =>
      request(`${requestUrl}?api-version=7.1&serviceConnectionId=${id}`, {
        method: 'POST',
        ca: emulator.caCertificate,
        headers: { authorization: `Bearer ${token}`, ...headers }
      })
    const { json } = await ask(accessToken)
    assert.equal((await askWithAssertion(emulator, json.oidcToken)).status, 200)
    assert.equal((await ask('wrong')).status, 302)
    assert.equal((await ask('wrong', undefined, { 'x-tfs-fedauthredirect': 'Suppress' })).status, 401)
    assert.equal((await ask(accessToken, randomUUID())).status, 404)
  })

  test('an access token of its own is not an assertion', async () => {
    const { json } = await askForToken(emulator)
    assert.deepEqual((await askWithAssertion(emulator, json.access_token)).json.error_codes, [700211])
  })
})
