// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { runInNamespace } = require('./namespace')

// Loopback is never asked through a proxy, so that the identity service needs a name of its own, in a namespace of its
// own. The proxies are others' work: proxy-chain, and mockttp where TLS is opened; only the one for SOCKS is ours.

const PRELUDE = `
  const fs = require('node:fs')
  const path = require('node:path')
  const { startEmulator } = require('./emulator')
  const { Server } = require('proxy-chain')
  const mockttp = require('mockttp')
  const { startSocksServer } = require('./__test__/support/socks-server')
  const { ClientTokenCredential, clearCache, getClientToken } = require('.')

  /** A proxy, and what went through it. */
  async function startProxy(prepareRequestFunction, options) {
    const seen = []
    const server = new Server({ port: 0, host: '127.0.0.1', verbose: false, ...options, prepareRequestFunction: (request) => {
      seen.push(request.hostname + ':' + request.port)
      return prepareRequestFunction?.(request) ?? {}
    } })
    await server.listen()
    return { seen, port: server.port }
  }

  /** A proxy that opens the TLS that goes through it, with an authority of its own. */
  async function startReadingProxy(caFile) {
    const authority = await mockttp.generateCACertificate({ subject: { commonName: 'The company' } })
    const server = mockttp.getLocal({ https: authority })
    await server.start()
    const seen = []
    await server.forUnmatchedRequest().thenPassThrough({ additionalTrustedCAs: [{ certPath: caFile }], beforeRequest: ({ url }) => { seen.push(new URL(url).host) } })
    return { seen, port: server.port, ca: authority.cert }
  }

  /** Makes an authority a trusted one, by a file. */
  function trust(emulator, ca) {
    process.env.NODE_EXTRA_CA_CERTS = path.join(path.dirname(emulator.caFile), 'company.pem')
    fs.writeFileSync(process.env.NODE_EXTRA_CA_CERTS, ca)
  }

  /** A token by a credential with these options, each time for another scope: none is cached. */
  let scopes = 0
  const by = (emulator, authorityHost, options) => {
    const { tenantId, clientId, clientSecret } = emulator
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ...options })
    return told(credential.getToken('api://' + scopes++ + '/.default'))
  }

  /** The outcome of a call: a token, or what its error says. */
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
 * What `act` returns, and everything that was printed meanwhile. There are `login.test`, whose identity service it is
 * handed, and `proxy.test`.
 * @param {string} act the text of a function
 */
async function behindProxy(act) {
  const { code, stdout, stderr } = await runInNamespace(`${PRELUDE}\nmain(${act})`, { hosts: ['login.test', 'proxy.test'] })
  assert.equal(code, 0, stderr)
  return { result: JSON.parse(stdout), text: stdout + stderr }
}

module.exports = { behindProxy }
