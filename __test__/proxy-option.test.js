// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { behindProxy } = require('./support/behind-proxy')
const { namespaceMissing } = require('./support/namespace')

describe('the option proxy', { skip: namespaceMissing() }, () => {
  test('uses that proxy, whatever the environment says', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority, port }) => {
      const proxy = await startProxy()
      Object.assign(process.env, { HTTPS_PROXY: 'http://proxy.test:1', NO_PROXY: '*' })
      const through = await by(emulator, authority, { proxy: 'http://proxy.test:' + proxy.port })
      return { through, seen: proxy.seen, port }
    }`)
    assert.deepEqual(result.through, { token: true })
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
  })

  test('disables the proxy of the environment', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority }) => {
      process.env.HTTPS_PROXY = 'http://proxy.test:1'
      return { with: await failure(), without: await by(emulator, authority, { proxy: false }) }
    }`)
    assert.equal(result.with.phase, 'proxy')
    assert.deepEqual(result.without, { token: true })
  })

  test('has user and password; the errors for wrong or missing ones and for an absent proxy differ', async () => {
    const { result, text } = await behindProxy(`async ({ emulator, authority }) => {
      const { port } = await startProxy(({ username, password }) => ({ requestAuthentication: username !== 'us@er' || password !== 'marker/50%41' }))
      const through = (proxy) => by(emulator, authority, { proxy })
      return {
        right: await through('http://us%40er:marker%2F50%2541@proxy.test:' + port),
        wrong: await through('http://us%40er:marker-wrong@proxy.test:' + port),
        none: await through('http://proxy.test:' + port),
        absent: await through('http://us%40er:marker-wrong@proxy.test:1'),
      }
    }`)
    assert.deepEqual(result.right, { token: true })
    for (const refused of [result.wrong, result.none]) {
      assert.deepEqual([refused.code, refused.phase, refused.retryable], ['ERR_NETWORK', 'proxy', false])
      assert.doesNotMatch(refused.message, /NO_PROXY/, 'it has no effect on the option')
    }
    assert.match(result.wrong.message, /the proxy http:\/\/proxy\.test:\d+ \(from proxy\) refused the user and password for login\.test:\d+ \(407\): check them in proxy/)
    assert.match(result.none.message, /the proxy http:\/\/proxy\.test:\d+ \(from proxy\) demands a user and a password for login\.test:\d+ \(407\)/)
    assert.deepEqual([result.absent.phase, result.absent.retryable], ['proxy', true])
    assert.match(result.absent.message, /refuses the connection: check proxy$/)
    assert.doesNotMatch(text, /marker/)
  })

  test('and the option ca work with a proxy that opens TLS with its own authority', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority, port }) => {
      const { ca, seen, port: proxyPort } = await startDecryptingProxy(emulator.caFile)
      const proxy = 'http://proxy.test:' + proxyPort
      return {
        untrusted: await by(emulator, authority, { proxy }),
        trusted: await by(emulator, authority, { proxy, ca }),
        seen,
        port,
      }
    }`)
    assert.deepEqual([result.untrusted.code, result.untrusted.phase], ['ERR_NETWORK', 'tls'])
    assert.match(result.untrusted.message, /certificate of login\.test:\d+ \(issued by "The company"\)/)
    assert.deepEqual(result.trusted, { token: true })
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
  })

  test('may be an https address, whose own certificate is verified and named', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority }) => {
      const { issueServerCertificate } = require('./emulator/certificates')
      const { caCertificate, certificate, privateKey } = await issueServerCertificate(['proxy.test'])
      const secure = await startProxy(undefined, { serverType: 'https', httpsOptions: { cert: certificate, key: privateKey } })
      const plain = await startProxy()
      const through = (port, ca) => by(emulator, authority, { proxy: 'https://proxy.test:' + port, ca })
      return { trusted: await through(secure.port, caCertificate), untrusted: await through(secure.port), plain: await through(plain.port) }
    }`)
    assert.deepEqual(result.trusted, { token: true })
    assert.deepEqual([result.untrusted.phase, result.untrusted.retryable], ['proxy', false])
    assert.match(result.untrusted.message, /the certificate of the proxy https:\/\/proxy\.test:\d+ \(from proxy\) \(issued by/)
    assert.deepEqual([result.plain.phase, result.plain.retryable], ['proxy', false])
    assert.match(result.plain.message, /does not complete the TLS handshake.*http:\/\/ instead of https:\/\//)
  })
})

describe('a SOCKS proxy', { skip: namespaceMissing() }, () => {
  test('gets an address with socks5, and the name with socks5h', async () => {
    const { result } = await behindProxy(`async () => {
      const { asked, port } = await startSocksServer()
      process.env.ALL_PROXY = 'socks5://proxy.test:' + port
      const local = await failure()
      clearCache()
      process.env.ALL_PROXY = 'socks5h://proxy.test:' + port
      return { local, remote: await failure(), asked }
    }`)
    assert.deepEqual([result.local, result.remote], [{ token: true }, { token: true }])
    assert.deepEqual(result.asked, [{ by: 'address', host: '127.0.0.1' }, { by: 'name', host: 'login.test' }])
  })

  test('gets the user and the password of its address; without them, or with wrong ones, it refuses', async () => {
    const { result, text } = await behindProxy(`async ({ emulator, authority }) => {
      const { port } = await startSocksServer({ user: 'us@er', password: 'marker/50%41' })
      const through = (user) => by(emulator, authority, { proxy: 'socks5h://' + user + 'proxy.test:' + port })
      return { right: await through('us%40er:marker%2F50%2541@'), wrong: await through('us%40er:marker@'), none: await through('') }
    }`)
    assert.deepEqual(result.right, { token: true })
    for (const refused of [result.wrong, result.none]) {
      assert.deepEqual([refused.code, refused.phase, refused.retryable], ['ERR_NETWORK', 'proxy', false])
    }
    assert.match(result.wrong.message, /the proxy socks5h:\/\/proxy\.test:\d+ \(from proxy\) refused the user and password for login\.test:\d+/)
    assert.match(result.none.message, /the proxy socks5h:\/\/proxy\.test:\d+ \(from proxy\) demands a user and a password for login\.test:\d+/)
    assert.doesNotMatch(text, /marker/)
  })

  test('that is absent, one without a route and a name that only it knows have different errors', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority }) => {
      const { port } = await startSocksServer()
      const at = (port, scheme, host) => by(emulator, host ?? authority, { proxy: scheme + '://proxy.test:' + port })
      const unknown = 'https://inside.invalid/'
      return { absent: await at(1, 'socks5'), unknown: await at(port, 'socks5', unknown), unled: await at(port, 'socks5h', unknown) }
    }`)
    assert.deepEqual([result.absent.phase, result.absent.retryable], ['proxy', true])
    assert.match(result.absent.message, /socks5:\/\/proxy\.test:1 \(from proxy\) refuses the connection/)
    assert.deepEqual([result.unknown.phase, result.unknown.retryable], ['proxy', false])
    assert.match(result.unknown.message, /cannot resolve: write socks5h:\/\//)
    assert.deepEqual([result.unled.phase, result.unled.retryable], ['proxy', false])
    assert.match(result.unled.message, /does not connect to inside\.invalid/)
  })
})
