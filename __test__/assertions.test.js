// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { startActions } = require('./support/github-actions')
const { startAdfs } = require('./support/adfs')
const { startOidcProvider } = require('./support/oidc-provider')

// Assertions of the public class, verified by independent code: oidc-provider, and jose as an AD FS.

const { ClientTokenCredential } = require('..')
const certificates = path.join(__dirname, '..', 'crates', 'core', 'tests', 'certificates')
const certificate = fs.readFileSync(path.join(certificates, 'leaf.crt'), 'utf8')
const certificatePath = path.join(certificates, 'pkcs8.pem')
const otherPath = path.join(certificates, 'rsa3072.pem')
const scope = 'https://management.azure.com/.default'
const application = { tenantId: randomUUID(), clientId: randomUUID() }

describe('a certificate', () => {
  /** @type {Awaited<ReturnType<typeof startOidcProvider>>} */
  let provider
  /** @type {Awaited<ReturnType<typeof startOidcProvider>>} */
  let providerOfAdfs
  /** @type {Awaited<ReturnType<typeof startAdfs>>} */
  let adfs

  before(async () => {
    provider = await startOidcProvider({ ...application, certificate })
    providerOfAdfs = await startOidcProvider({ ...application, certificate, tokenPath: '/adfs/oauth2/token' })
    adfs = await startAdfs({ clientId: application.clientId, certificate })
  })
  after(() => Promise.all([provider.close(), providerOfAdfs.close(), adfs.close()]))

  /** @param {string} file */
  const atProvider = (file) => new ClientTokenCredential({
    credential: 'clientCertificate',
    ...application,
    certificatePath: file,
    authorityHost: provider.authorityHost,
    ca: provider.caCertificate
  })

  test('is accepted by a certified provider (PS256)', async () => {
    const { source } = await atProvider(certificatePath).getToken(scope)
    assert.equal(source, 'clientCertificate')
  })

  test('with a wrong certificate is refused by it', async () => {
    await assert.rejects(atProvider(otherPath).getToken(scope), { code: 'ERR_AUTHENTICATION', statusCode: 401 })
    assert.match(String(provider.lastGrantError()), /signature/)
  })

  test('is accepted by it in the form of an AD FS (RS256), and refused with a wrong certificate', async () => {
    const { authorityHost, caCertificate: ca, lastGrantError } = providerOfAdfs
    const at = (/** @type {string} */ file) => new ClientTokenCredential({
      credential: 'clientCertificate',
      clientId: application.clientId,
      tenantId: 'adfs',
      certificatePath: file,
      authorityHost: `${authorityHost}adfs`,
      ca
    })
    const { source } = await at(certificatePath).getToken(scope)
    assert.equal(source, 'clientCertificate')
    await assert.rejects(at(otherPath).getToken(scope), { code: 'ERR_AUTHENTICATION', statusCode: 401 })
    assert.match(String(lastGrantError()), /signature/)
  })

  test('is accepted by an AD FS (RS256)', async () => {
    const options = { clientId: application.clientId, tenantId: 'adfs', certificate: fs.readFileSync(certificatePath) }
    const { authorityHost, caCertificate: ca } = adfs
    const credential = new ClientTokenCredential({ credential: 'clientCertificate', ...options, authorityHost, ca })
    const { token } = await credential.getToken(scope)
    assert.equal(token, 'issued.by.adfs')
  })
})

describe('an assertion', () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator

  before(async () => {
    emulator = await startEmulator()
  })
  after(() => emulator.close())

  const common = () => {
    const { tenantId, clientId, authorityHost, caCertificate: ca } = emulator
    return { tenantId, clientId, authorityHost, ca }
  }

  test('of GitHub Actions is fetched and accepted', async () => {
    const { requestUrl, requestToken } = emulator.githubOidc
    const options = { oidcRequestUrl: requestUrl, oidcRequestToken: requestToken }
    const credential = new ClientTokenCredential({ credential: 'oidc', ...common(), ...options })
    const { source } = await credential.getToken(scope)
    assert.equal(source, 'oidc')
  })

  test('of GitHub Actions equals that of @actions/core, requested in the same way', async () => {
    const assertion = emulator.issueAssertion()
    const actions = await startActions(assertion)
    const { authorityHost, ca, requestUrl, requestToken } = actions
    const options = { oidcRequestUrl: requestUrl, oidcRequestToken: requestToken }
    const credential = new ClientTokenCredential({ credential: 'oidc', ...application, authorityHost, ca, ...options })
    try {
      await credential.getToken(scope)
      assert.equal(await actions.theirs('api://AzureADTokenExchange'), assertion)
    } finally {
      actions.close()
    }
    assert.deepEqual(actions.assertions, [assertion])
    const [ours, theirs] = actions.requests
    assert.deepEqual(ours, theirs)
    const parameters = { 'api-version': '2.0', job: '1', audience: 'api://AzureADTokenExchange' }
    assert.deepEqual(ours.parameters, parameters)
    assert.equal(ours.authorization, `Bearer ${requestToken}`)
  })

  test('of a pod is read from its file', async () => {
    const { tokenFile } = emulator.workloadIdentity
    const options = { tokenFilePath: tokenFile }
    const credential = new ClientTokenCredential({ credential: 'workloadIdentity', ...common(), ...options })
    const { source } = await credential.getToken(scope)
    assert.equal(source, 'workloadIdentity')
  })

  test('of the program is requested', async () => {
    const getAssertion = async () => emulator.issueAssertion()
    const credential = new ClientTokenCredential({ credential: 'clientAssertion', ...common(), getAssertion })
    const { source } = await credential.getToken(scope)
    assert.equal(source, 'clientAssertion')
  })

  test('of the program that fails is the cause of the error', async () => {
    const cause = new Error('no assertion today')
    const getAssertion = () => Promise.reject(cause)
    const credential = new ClientTokenCredential({ credential: 'clientAssertion', ...common(), getAssertion })
    await assert.rejects(credential.getToken(scope), (error) => error instanceof Error && error.cause === cause)
  })

  test('of a user is exchanged', async () => {
    const options = { userAssertion: emulator.issueUserToken(), clientSecret: emulator.clientSecret }
    const credential = new ClientTokenCredential({ credential: 'onBehalfOf', ...common(), ...options })
    const { source } = await credential.getToken('https://graph.microsoft.com/User.Read')
    assert.equal(source, 'onBehalfOf')
  })
})
