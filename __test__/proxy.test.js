// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { before, describe, test } = require('node:test')
const { namespaceMissing, runInNamespace } = require('./support/namespace')

// Loopback is never asked through a proxy, so that the identity service needs a name of its own here.

const prelude = `
  const { startEmulator } = require('./emulator')
  const { Server } = require('proxy-chain')
  const { getClientToken } = require('./index.js')
  const { inspect } = require('node:util')

  /** A proxy by others, and what went through it. */
  async function startProxy(prepareRequestFunction) {
    const seen = []
    const server = new Server({ port: 0, host: '127.0.0.1', verbose: false, prepareRequestFunction: (request) => {
      seen.push(request.hostname + ':' + request.port)
      return prepareRequestFunction?.(request) ?? {}
    } })
    await server.listen()
    return { server, seen, port: server.port }
  }

  async function main(act) {
    const emulator = await startEmulator({ names: ['login.test'] })
    const authority = emulator.authorityHost.replace('localhost', 'login.test')
    Object.assign(process.env, emulator.environment(), { AZURE_AUTHORITY_HOST: authority })
    const result = await act({ emulator, port: new URL(authority).port })
    console.log(JSON.stringify(result))
    process.exit(0)
  }
  const failure = () => getClientToken().then(() => 'a token came', ({ code, phase, host, retryable, message }) => ({ code, phase, host, retryable, message }))
`

/**
 * @param {string} act
 * @param {Record<string, string>} [environment]
 */
function outcome(act, environment) {
  const { code, stdout, stderr } = runInNamespace(`${prelude}\nmain(${act})`, { environment, hosts: ['login.test', 'proxy.test'] })
  assert.equal(code, 0, stderr)
  return { result: JSON.parse(stdout), text: stdout + stderr }
}

describe('a proxy', { skip: namespaceMissing() }, () => {
  test('is asked for the identity service, and for nothing on this machine', () => {
    const { result } = outcome(`async ({ emulator, port }) => {
      const proxy = await startProxy()
      process.env.HTTPS_PROXY = 'http://proxy.test:' + proxy.port
      const { token } = await getClientToken()
      require('./index.js').clearCache()
      process.env.AZURE_AUTHORITY_HOST = emulator.authorityHost
      await getClientToken()
      return { seen: proxy.seen, port, requests: emulator.counters.tokenRequests }
    }`)
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
    assert.equal(result.requests, 2)
  })

  test('gets the user and the password of its address, which show nowhere', () => {
    const { result, text } = outcome(`async () => {
      const proxy = await startProxy(({ username, password }) => ({ requestAuthentication: username !== 'us@er' || password !== 'marker/secret' }))
      process.env.https_proxy = 'http://us%40er:marker%2Fsecret@proxy.test:' + proxy.port
      const { token } = await getClientToken()
      require('./index.js').clearCache()
      process.env.https_proxy = 'http://us%40er:marker%2Fwrong@proxy.test:' + proxy.port
      return { token: token.length > 0, refused: await failure() }
    }`)
    assert.equal(result.token, true)
    const { code, phase, retryable, message } = result.refused
    assert.deepEqual({ code, phase, retryable }, { code: 'ERR_NETWORK', phase: 'proxy', retryable: false })
    assert.match(message, /http:\/\/proxy\.test:\d+ \(from https_proxy\) demands a user and a password/)
    assert.doesNotMatch(text, /marker/)
  })

  test('that is not there is named, early', () => {
    const { result } = outcome(`async () => {
      process.env.ALL_PROXY = 'http://proxy.test:1'
      const start = Date.now()
      return { ...await failure(), milliseconds: Date.now() - start }
    }`)
    assert.deepEqual([result.code, result.phase], ['ERR_NETWORK', 'proxy'])
    assert.match(result.message, /http:\/\/proxy\.test:1 \(from ALL_PROXY\) cannot be reached/)
    assert.ok(result.milliseconds < 3000)
  })

  test('that does not lead to the service is told apart', () => {
    const { result } = outcome(`async () => {
      const proxy = await startProxy(() => ({ requestAuthentication: false, failMsg: 'no', upstreamProxyUrl: 'http://127.0.0.1:1' }))
      process.env.HTTPS_PROXY = 'proxy.test:' + proxy.port
      return failure()
    }`)
    assert.deepEqual([result.code, result.phase], ['ERR_NETWORK', 'proxy'])
    assert.match(result.message, /does not lead to login\.test:\d+/)
  })

  test('is not asked for what NO_PROXY names, nor is HTTP_PROXY for https', () => {
    const { result } = outcome(`async () => {
      process.env.HTTP_PROXY = 'http://proxy.test:1'
      await getClientToken()
      require('./index.js').clearCache()
      Object.assign(process.env, { HTTPS_PROXY: 'http://proxy.test:1', NO_PROXY: 'other.test, .test' })
      return (await getClientToken()).source
    }`)
    assert.equal(result, 'clientSecret')
  })

  test('that opens TLS with an authority of its own is trusted like any other, and named if it is not', () => {
    const { result } = outcome(`async ({ emulator }) => {
      // An intercepting proxy ends the TLS of the service: to us it is a service with its own authority.
      const other = await startEmulator({ names: ['login.test'] })
      const proxy = await startProxy(() => ({ upstreamProxyUrl: null, customConnectServer: undefined }))
      process.env.HTTPS_PROXY = 'proxy.test:' + proxy.port
      process.env.NODE_EXTRA_CA_CERTS = other.caFile
      return failure()
    }`)
    assert.deepEqual([result.code, result.phase, result.retryable], ['ERR_NETWORK', 'tls', false])
    assert.match(result.message, /issued by "[^"]+"\) is not accepted.*your proxy's authority.*NODE_EXTRA_CA_CERTS/s)
  })
})
