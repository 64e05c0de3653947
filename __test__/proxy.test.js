// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { behindProxy } = require('./support/behind-proxy')
const { namespaceMissing } = require('./support/namespace')

describe('a proxy', { skip: namespaceMissing() }, () => {
  test('is used for the identity service, and for nothing on this machine', async () => {
    const { result } = await behindProxy(`async ({ emulator, port }) => {
      const proxy = await startProxy()
      process.env.HTTPS_PROXY = 'http://proxy.test:' + proxy.port
      const { token } = await getClientToken()
      clearCache()
      process.env.AZURE_AUTHORITY_HOST = emulator.authorityHost
      await getClientToken()
      return { seen: proxy.seen, port, requests: emulator.counters.tokenRequests }
    }`)
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
    assert.equal(result.requests, 2)
  })

  test('gets the user and the password of its address, which are never shown', async () => {
    const { result, text } = await behindProxy(`async () => {
      const proxy = await startProxy(({ username, password }) => ({ requestAuthentication: username !== 'us@er' || password !== 'marker/50%41' }))
      process.env.https_proxy = 'http://us%40er:marker%2F50%2541@proxy.test:' + proxy.port
      const { token } = await getClientToken()
      clearCache()
      process.env.https_proxy = 'http://us%40er:marker%2Fwrong@proxy.test:' + proxy.port
      return { token: token.length > 0, refused: await failure() }
    }`)
    assert.equal(result.token, true)
    const { code, phase, retryable, message } = result.refused
    assert.deepEqual({ code, phase, retryable }, { code: 'ERR_NETWORK', phase: 'proxy', retryable: false })
    assert.match(message, /http:\/\/proxy\.test:\d+ \(from https_proxy\) refused the user and password/)
    assert.doesNotMatch(text, /marker/)
  })

  test('that is absent is named, early', async () => {
    const { result } = await behindProxy(`async () => {
      process.env.ALL_PROXY = 'http://proxy.test:1'
      const start = Date.now()
      return { ...await failure(), milliseconds: Date.now() - start }
    }`)
    assert.deepEqual([result.code, result.phase], ['ERR_NETWORK', 'proxy'])
    assert.match(result.message, /http:\/\/proxy\.test:1 \(from ALL_PROXY\) refuses the connection/)
    assert.ok(result.milliseconds < 3000)
  })

  test('that does not connect to the service has its own error', async () => {
    const { result } = await behindProxy(`async () => {
      const proxy = await startProxy(() => ({ requestAuthentication: false, failMsg: 'no', upstreamProxyUrl: 'http://127.0.0.1:1' }))
      process.env.HTTPS_PROXY = 'proxy.test:' + proxy.port
      return failure()
    }`)
    assert.deepEqual([result.code, result.phase], ['ERR_NETWORK', 'proxy'])
    assert.match(result.message, /does not connect to login\.test:\d+/)
  })

  test('is not used for the hosts in NO_PROXY, nor is HTTP_PROXY used for https', async () => {
    const { result } = await behindProxy(`async () => {
      process.env.HTTP_PROXY = 'http://proxy.test:1'
      await getClientToken()
      clearCache()
      Object.assign(process.env, { HTTPS_PROXY: 'http://proxy.test:1', NO_PROXY: 'other.test, .test' })
      return (await getClientToken()).source
    }`)
    assert.equal(result, 'clientSecret')
  })

  test('that opens TLS with its own authority is named until that authority is trusted', async () => {
    const { result } = await behindProxy(`async ({ emulator, port }) => {
      const proxy = await startDecryptingProxy(emulator.caFile)
      delete process.env.NODE_EXTRA_CA_CERTS
      process.env.HTTPS_PROXY = 'proxy.test:' + proxy.port
      const untrusted = await failure()
      clearCache()
      trust(emulator, proxy.ca)
      return { untrusted, trusted: await failure(), seen: proxy.seen, port }
    }`)
    const { code, phase, host, retryable, message } = result.untrusted
    assert.deepEqual({ code, phase, host, retryable }, { code: 'ERR_NETWORK', phase: 'tls', host: `login.test:${result.port}`, retryable: false })
    assert.match(message, /issued by "The company"\) is not accepted.*your proxy's authority.*NODE_EXTRA_CA_CERTS/s)
    assert.deepEqual(result.trusted, { token: true })
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
  })
})
