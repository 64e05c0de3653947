// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { runInNamespace } = require('./namespace')

// Requests to loopback addresses do not use a proxy, so the identity service has a name, which resolves in a separate namespace only. The
// proxies are proxy-chain, mockttp for the one that decrypts TLS, and a SOCKS proxy of this project.

const PRELUDE = `
  const fs = require('node:fs')
  const path = require('node:path')
  const { startEmulator } = require('./emulator')
  const { Server } = require('proxy-chain')
  const mockttp = require('mockttp')
  const { startSocksServer } = require('./__test__/support/socks-server')
  const { ClientTokenCredential, clearCache, getClientToken } = require('.')

  /** Starts a proxy, and lists the hosts of its requests. */
  async function startProxy(prepareRequestFunction, options) {
    const seen = []
    const server = new Server({ port: 0, host: '127.0.0.1', verbose: false, ...options, prepareRequestFunction: (request) => {
      seen.push(request.hostname + ':' + request.port)
      return prepareRequestFunction?.(request) ?? {}
    } })
    await server.listen()
    return { seen, port: server.port }
  }

  /** A proxy that decrypts TLS, with its own authority. */
  async function startDecryptingProxy(caFile) {
    const authority = await mockttp.generateCACertificate({ subject: { commonName: 'The company' } })
    const server = mockttp.getLocal({ https: authority })
    await server.start()
    const seen = []
    await server.forUnmatchedRequest().thenPassThrough({ additionalTrustedCAs: [{ certPath: caFile }], beforeRequest: ({ url }) => { seen.push(new URL(url).host) } })
    return { seen, port: server.port, ca: authority.cert }
  }

  /** Makes the process trust an authority, with a file. */
  function trust(emulator, ca) {
    process.env.NODE_EXTRA_CA_CERTS = path.join(path.dirname(emulator.caFile), 'company.pem')
    fs.writeFileSync(process.env.NODE_EXTRA_CA_CERTS, ca)
  }

  /** Gets a token with these options, each time for another scope, so that none is cached. */
  let scopes = 0
  const by = (emulator, authorityHost, options) => {
    const { tenantId, clientId, clientSecret } = emulator
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ...options })
    return told(credential.getToken('api://' + scopes++ + '/.default'))
  }

  /** The outcome of a call: whether there is a token, or properties of the error. */
  const told = (call) => call.then(({ token }) => ({ token: token.length > 0 }), ({ code, phase, host, retryable, message }) => ({ code, phase, host, retryable, message }))
  const failure = () => told(getClientToken())

  async function main(act) {
    const emulator = await startEmulator({ names: ['login.test'] })
    const authority = emulator.authorityHost.replace('localhost', 'login.test')
    Object.assign(process.env, emulator.environment(), { AZURE_AUTHORITY_HOST: authority })
    const result = await act({ emulator, authority, port: new URL(authority).port })
    console.log(JSON.stringify(result))
    await emulator.close()
    process.exit(0)
  }
`

/**
 * Returns the result of `act`, and all output of its process. The host `login.test` has an identity service, which is passed to `act`;
 * `proxy.test` is the proxies' host.
 * @param {string} act the text of a function
 */
async function behindProxy(act) {
  const { code, stdout, stderr } = await runInNamespace(`${PRELUDE}\nmain(${act})`, { hosts: ['login.test', 'proxy.test'] })
  assert.equal(code, 0, stderr)
  return { result: JSON.parse(stdout), text: stdout + stderr }
}

module.exports = { behindProxy }
