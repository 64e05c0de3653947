// @ts-check
'use strict'

// A slim or distroless image: without certificates, on a machine whose configured proxies do not answer.

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { claimsOf } = require('./support/claims')
const { IMDS_ADDRESS, namespaceMissing, runInNamespace } = require('./support/namespace')

const DEAD_PROXY = 'http://127.0.0.1:1'

/** The places in which systems with OpenSSL keep their certificates. */
const STORES = ['/etc/ssl', '/etc/pki', '/etc/openssl', '/etc/certs', '/usr/lib/ssl', '/usr/local/ssl', '/usr/local/etc/ssl', '/usr/share/ssl', '/var/ssl']
const EMPTIED = `for store in ${STORES.join(' ')}; do [ ! -d $store ] || mount -t tmpfs none $store; done`

const PRELUDE = `
  const { startEmulator } = require('./emulator')
  const { ClientTokenCredential, clearCache, getClientToken } = require('.')
  const timed = async (call) => {
    const start = Date.now()
    const outcome = await call.then(({ token }) => ({ token }), ({ code, phase, retryable, message }) => ({ code, phase, retryable, message }))
    return { ...outcome, milliseconds: Date.now() - start }
  }
  const secret = { ARM_TENANT_ID: '7b795fb9-09d3-42f4-a494-38864f99ba3c', ARM_CLIENT_ID: 'e8b1c0de-0000-4000-8000-000000000001', ARM_CLIENT_SECRET: 'marker-secret' }
`

/**
 * @param {string} body code that runs in the image; its result is printed
 * @param {Record<string, string>} [environment]
 */
async function inImage(body, environment) {
  const script = `${PRELUDE} async function main() { ${body} }; main().then((value) => { console.log(JSON.stringify(value)); process.exit() })`
  const { stdout, stderr } = await runInNamespace(script, { environment, addresses: [IMDS_ADDRESS], shell: EMPTIED })
  return JSON.parse(stdout || assert.fail(stderr))
}

describe('in an image without certificates', { skip: namespaceMissing() }, () => {
  test('a managed identity answers despite dead proxies, and Entra ID fails early, naming the proxy', async () => {
    const { identity, own, entra } = await inImage(
      `const emulator = await startEmulator({ managedIdentity: { imds: { host: '${IMDS_ADDRESS}', port: 80 } } })
      const identity = await timed(new ClientTokenCredential({ credential: 'managedIdentity' }).getClientToken())
      Object.assign(process.env, secret)
      return { identity, own: emulator.managedIdentity.systemAssigned.clientId, entra: await timed(getClientToken()) }`,
      { HTTP_PROXY: DEAD_PROXY, HTTPS_PROXY: DEAD_PROXY },
    )
    assert.equal(claimsOf(identity.token).appid, own)
    const { code, phase, retryable, message, milliseconds } = entra
    assert.deepEqual({ code, phase, retryable }, { code: 'ERR_NETWORK', phase: 'proxy', retryable: true })
    assert.match(message, /the proxy http:\/\/127\.0\.0\.1:1 \(from HTTPS_PROXY\) refuses the connection.*login\.microsoftonline\.com/)
    assert.ok(milliseconds <= 3000, `${milliseconds} ms`)
  })

  test('the bundled roots are trusted, and the added ones', async () => {
    const { refused, added } = await inImage(
      `const emulator = await startEmulator()
      Object.assign(process.env, emulator.environment())
      const caFile = process.env.NODE_EXTRA_CA_CERTS
      delete process.env.NODE_EXTRA_CA_CERTS
      const refused = await timed(getClientToken())
      clearCache()
      process.env.NODE_EXTRA_CA_CERTS = caFile
      return { refused, added: await timed(getClientToken()) }`,
    )
    assert.deepEqual([refused.code, refused.phase], ['ERR_NETWORK', 'tls'])
    assert.match(refused.message, /Trusted roots: the bundled Mozilla roots \(the system has no store\)/)
    assert.ok(added.token, added.message)
  })

  test('a variable that names certificates disables the bundled ones', async () => {
    const { file, folder } = await inImage(
      `Object.assign(process.env, secret, { SSL_CERT_FILE: '/nowhere/ca.pem' })
      const file = await timed(getClientToken())
      clearCache()
      delete process.env.SSL_CERT_FILE
      process.env.SSL_CERT_DIR = '/etc/ssl'
      return { file, folder: await timed(getClientToken()) }`,
    )
    for (const [{ code, phase, message }, source] of [[file, 'SSL_CERT_FILE (/nowhere/ca.pem)'], [folder, 'SSL_CERT_DIR (/etc/ssl)']]) {
      assert.deepEqual([code, phase], ['ERR_NETWORK', 'tls'])
      assert.ok(message.includes(source) && !message.includes('bundled'), message)
    }
  })

  test('a managed identity works if certificates cannot be read', async () => {
    const { token, own } = await inImage(
      `const emulator = await startEmulator({ managedIdentity: { imds: { host: '${IMDS_ADDRESS}', port: 80 } } })
      const { token } = await timed(new ClientTokenCredential({ credential: 'managedIdentity' }).getClientToken())
      return { token, own: emulator.managedIdentity.systemAssigned.clientId }`,
      { SSL_CERT_FILE: '/nowhere/ca.pem', NODE_EXTRA_CA_CERTS: '' },
    )
    assert.equal(claimsOf(token).appid, own)
  })
})
