// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { createClientCertificate } = require('../emulator/certificates')
const { runNode } = require('./support/run')

// Microsoft's own clients, unmodified and with documented options only, verify the emulator: they accept only what Entra ID answers.

const SCOPE = 'https://management.azure.com//.default'

/** The beginning of each script: its input, and a function that prints its outcome. */
const PRELUDE = `
  const { authorityHost, tenantId, clientId, clientSecret, certificatePath, pair, scope } = JSON.parse(process.argv[1])
  const identity = () => require('@azure/identity')
  const msal = () => require('@azure/msal-node')
  const options = { authorityHost, disableInstanceDiscovery: true }
  const authority = authorityHost + tenantId
  const report = (promise) => promise.then(
    (value) => console.log(JSON.stringify({ value })),
    (error) => console.log(JSON.stringify({ error: { name: error.name, message: error.message } })))
`

const CLIENT_SECRET_CREDENTIAL = 'new (identity().ClientSecretCredential)(tenantId, clientId, clientSecret, options)'
const CLIENT_CERTIFICATE_CREDENTIAL =
  'new (identity().ClientCertificateCredential)(tenantId, clientId, { certificatePath }, options)'

/** @param {string} credential the msal-node property that authenticates the client */
function msalScript(credential) {
  return `
    const { ConfidentialClientApplication } = msal()
    const knownAuthorities = [new URL(authorityHost).host]
    const application = new ConfidentialClientApplication({ auth: { clientId, authority, knownAuthorities, ${credential} } })
    report(application.acquireTokenByClientCredential({ scopes: [scope] }).then(({ accessToken }) => ({ token: accessToken })))`
}

describe("Microsoft's own clients", () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  /** @type {object} */
  let input
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peers-'))

  before(async () => {
    const pair = await createClientCertificate()
    const certificatePath = path.join(folder, 'client.pem')
    fs.writeFileSync(certificatePath, `${pair.privateKey}\n${pair.certificate}`, { mode: 0o600 })
    emulator = await startEmulator({ applications: [{ certificates: [pair.certificate] }] })
    const { authorityHost, tenantId, clientId, clientSecret } = emulator
    input = { authorityHost, tenantId, clientId, clientSecret, certificatePath, pair, scope: SCOPE }
  })
  beforeEach(() => emulator.resetCounters())
  after(async () => {
    await emulator.close()
    fs.rmSync(folder, { recursive: true })
  })

  /**
   * @param {string} script
   * @param {object} [changes]
   * @param {Record<string, string>} [environment]
   */
  async function run(script, changes, environment = {}) {
    const output = await runNode(PRELUDE + script, { NODE_EXTRA_CA_CERTS: emulator.caFile, ...environment }, [
      JSON.stringify({ ...input, ...changes })
    ])
    return JSON.parse(output.trim().split('\n').at(-1) ?? '')
  }

  /** @type {[string, string][]} */
  const SCRIPTS = [
    ['@azure/identity, ClientSecretCredential', `report(${CLIENT_SECRET_CREDENTIAL}.getToken(scope))`],
    ['@azure/identity, ClientCertificateCredential', `report(${CLIENT_CERTIFICATE_CREDENTIAL}.getToken(scope))`],
    ['@azure/msal-node, a secret', msalScript('clientSecret')],
    [
      '@azure/msal-node, a certificate',
      `const { X509Certificate, createHash } = require('node:crypto')
       const thumbprintSha256 = createHash('sha256').update(new X509Certificate(pair.certificate).raw).digest('hex')
       ${msalScript('clientCertificate: { thumbprintSha256, privateKey: pair.privateKey, x5c: pair.certificate }')}`
    ]
  ]
  for (const [what, script] of SCRIPTS) {
    test(`${what}: gets a token`, async () => {
      const { decodeJwt } = await import('jose')
      const { value, error } = await run(script)
      assert.equal(error, undefined)
      const claims = decodeJwt(value.token)
      assert.deepEqual([claims.aud, claims.appid], ['https://management.azure.com/', emulator.clientId])
      assert.equal(emulator.counters.tokenRequests, 1)
    })
  }

  test('@azure/identity reads the refusal of a wrong secret', async () => {
    const { error } = await run(SCRIPTS[0][1], { clientSecret: 'wrong' })
    assert.match(error.message, /invalid_client/)
    assert.match(error.message, /AADSTS7000215/)
  })

  test('@azure/msal-node reads the refusal of a wrong secret', async () => {
    const { error } = await run(SCRIPTS[2][1], { clientSecret: 'wrong' })
    assert.match(error.message, /AADSTS7000215/)
  })

  test('@azure/identity exchanges a user\'s token on behalf of the user', async () => {
    const { decodeJwt } = await import('jose')
    const script = `report(new (identity().OnBehalfOfCredential)(
      { tenantId, clientId, clientSecret, userAssertionToken: userToken, ...options }).getToken(scope))`
    const { value, error } = await run(`const { userToken } = JSON.parse(process.argv[1]);${script}`, {
      userToken: emulator.issueUserToken({ user: 'anyone@contoso.example' })
    })
    assert.equal(error, undefined)
    assert.equal(decodeJwt(value.token).upn, 'anyone@contoso.example')
  })

  /**
   * msal-node ignores Service Fabric's thumbprint: it must trust the certificate.
   * @param {string} certificate
   */
  function trustedFile(certificate) {
    const file = path.join(folder, 'trusted.pem')
    fs.writeFileSync(file, certificate)
    return file
  }

  const MANAGED_IDENTITY = `report(new (identity().ManagedIdentityCredential)(...identityOptions).getToken(scope))`

  // Without Arc: msal-node reads the challenge's file only in the agent's own folder.
  for (const host of /** @type {const} */ (['imds', 'appService', 'cloudShell', 'azureMl', 'serviceFabric'])) {
    test(`@azure/identity gets a managed identity's token from ${host}`, async () => {
      const { decodeJwt } = await import('jose')
      const { systemAssigned, [host]: { environment, certificate } } = emulator.managedIdentity
      const { value, error } = await run(`const identityOptions = [];${MANAGED_IDENTITY}`, {}, {
        ...environment,
        ...(certificate && { NODE_EXTRA_CA_CERTS: trustedFile(certificate) })
      })
      assert.equal(error, undefined)
      const claims = decodeJwt(value.token)
      assert.deepEqual([claims.aud, claims.appid], ['https://management.azure.com/', systemAssigned?.clientId])
    })
  }

  test('@azure/identity gets the token of a user-assigned identity, and its error if there is none', async () => {
    const { decodeJwt } = await import('jose')
    const { userAssigned: [{ clientId: known }], imds: { environment } } = emulator.managedIdentity
    const script = `const identityOptions = [JSON.parse(process.argv[1]).identity];${MANAGED_IDENTITY}`
    const found = await run(script, { identity: { clientId: known } }, environment)
    assert.equal(decodeJwt(found.value.token).appid, known)
    const missing = await run(script, { identity: { clientId: emulator.clientId } }, environment)
    assert.match(missing.error.message, /Identity not found|unavailable/i)
  })
})
