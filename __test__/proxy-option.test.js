// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { behindProxy } = require('./support/behind-proxy')
const { namespaceMissing } = require('./support/namespace')

describe('the option proxy', { skip: namespaceMissing() }, () => {
  test('leads through that proxy, whatever the environment says', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority, port }) => {
      const proxy = await startProxy()
      Object.assign(process.env, { HTTPS_PROXY: 'http://proxy.test:1', NO_PROXY: '*' })
      const by = await told(credential(emulator, authority, { proxy: 'http://proxy.test:' + proxy.port }).getClientToken())
      return { by, seen: proxy.seen, port }
    }`)
    assert.deepEqual(result.by, { token: true })
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
  })

  test('switches the proxy of the environment off', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority }) => {
      process.env.HTTPS_PROXY = 'http://proxy.test:1'
      return { with: await failure(), without: await told(credential(emulator, authority, { proxy: false }).getClientToken()) }
    }`)
    assert.equal(result.with.phase, 'proxy')
    assert.deepEqual(result.without, { token: true })
  })

  test('carries user and password; wrong ones, and none, are told from a proxy that is not there', async () => {
    const { result, text } = await behindProxy(`async ({ emulator, authority }) => {
      const { port } = await startProxy(({ username, password }) => ({ requestAuthentication: username !== 'us@er' || password !== 'marker/50%41' }))
      const by = (proxy) => told(credential(emulator, authority, { proxy }).getToken('api://' + proxy.length + '/.default'))
      return {
        right: await by('http://us%40er:marker%2F50%2541@proxy.test:' + port),
        wrong: await by('http://us%40er:marker-wrong@proxy.test:' + port),
        none: await by('http://proxy.test:' + port),
        absent: await by('http://us%40er:marker-wrong@proxy.test:1'),
      }
    }`)
    assert.deepEqual(result.right, { token: true })
    for (const refused of [result.wrong, result.none]) {
      assert.deepEqual([refused.code, refused.phase, refused.retryable], ['ERR_NETWORK', 'proxy', false])
      assert.match(refused.message, /the proxy http:\/\/proxy\.test:\d+ \(from proxy\) demands a user and a password for login\.test:\d+ \(407\)/)
    }
    assert.deepEqual([result.absent.phase, result.absent.retryable], ['proxy', true])
    assert.match(result.absent.message, /cannot be reached: check proxy/)
    assert.doesNotMatch(text, /marker/)
  })

  test('and the option ca lead through a proxy that opens TLS with an authority of its own', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority, port }) => {
      const { ca, seen, port: proxyPort } = await startReadingProxy(emulator.caFile)
      const proxy = 'http://proxy.test:' + proxyPort
      return {
        untrusted: await told(credential(emulator, authority, { proxy }).getClientToken()),
        trusted: await told(credential(emulator, authority, { proxy, ca }).getClientToken()),
        seen,
        port,
      }
    }`)
    assert.deepEqual([result.untrusted.code, result.untrusted.phase], ['ERR_NETWORK', 'tls'])
    assert.match(result.untrusted.message, /certificate of login\.test:\d+ \(issued by "The company"\)/)
    assert.deepEqual(result.trusted, { token: true })
    assert.deepEqual(result.seen, [`login.test:${result.port}`])
  })

  test('may be an https address, whose own certificate is judged and named', async () => {
    const { result } = await behindProxy(`async ({ emulator, authority }) => {
      const { issueServerCertificate } = require('./emulator/certificates')
      const { caCertificate, certificate, privateKey } = await issueServerCertificate(['proxy.test'])
      const secure = await startProxy(undefined, { serverType: 'https', httpsOptions: { cert: certificate, key: privateKey } })
      const plain = await startProxy()
      const by = (port, ca) => told(credential(emulator, authority, { proxy: 'https://proxy.test:' + port, ca }).getClientToken())
      return { trusted: await by(secure.port, caCertificate), untrusted: await by(secure.port), plain: await by(plain.port) }
    }`)
    assert.deepEqual(result.trusted, { token: true })
    assert.deepEqual([result.untrusted.phase, result.untrusted.retryable], ['proxy', false])
    assert.match(result.untrusted.message, /the certificate of the proxy https:\/\/proxy\.test:\d+ \(from proxy\) \(issued by/)
    assert.deepEqual([result.plain.phase, result.plain.retryable], ['proxy', false])
    assert.match(result.plain.message, /does not agree on TLS.*http:\/\/ in place of https:\/\//)
  })
})

describe('a SOCKS proxy', { skip: namespaceMissing() }, () => {
  test('is given an address by socks5, and the name by socks5h', async () => {
    const { result } = await behindProxy(`async ({ emulator, port }) => {
      const { port: proxyPort, ca } = await startReadingProxy(emulator.caFile, { socks: true })
      const asked = []
      const net = require('node:net')
      // What the client says first is read on the way: SOCKS5's connect request names a host by type 3, an address by 1.
      const tap = net.createServer((client) => {
        const proxy = net.connect(proxyPort, '127.0.0.1')
        client.on('data', (bytes) => void (bytes[0] === 5 && bytes[1] === 1 && bytes[2] === 0 && bytes.length > 4 && asked.push(bytes[3]))).pipe(proxy).pipe(client)
        for (const socket of [client, proxy]) socket.on('error', () => {})
      })
      await new Promise((resolve) => tap.listen(0, '127.0.0.1', resolve))
      trust(emulator, ca)
      process.env.ALL_PROXY = 'socks5://proxy.test:' + tap.address().port
      const local = await failure()
      clearCache()
      process.env.ALL_PROXY = 'socks5h://proxy.test:' + tap.address().port
      return { local, remote: await failure(), asked }
    }`)
    assert.deepEqual([result.local, result.remote], [{ token: true }, { token: true }])
    assert.deepEqual(result.asked, [1, 3])
  })

  test('gets the user and the password of its address; without them it does not let us in', async () => {
    const { result, text } = await behindProxy(`async ({ emulator, authority }) => {
      const { port, ca } = await startReadingProxy(emulator.caFile, { socks: { authMethods: ['user-password-metadata'] } })
      // The proxy lets in who is called metadata and has JSON for a password.
      const password = encodeURIComponent('{"tags":["marker/50%41"]}')
      const by = (user) => told(credential(emulator, authority, { proxy: 'socks5h://' + user + 'proxy.test:' + port, ca }).getClientToken())
      return { right: await by('metadata:' + password + '@'), wrong: await by('metadata:marker@'), none: await by('') }
    }`)
    assert.deepEqual(result.right, { token: true })
    for (const refused of [result.wrong, result.none]) {
      assert.deepEqual([refused.code, refused.phase, refused.retryable], ['ERR_NETWORK', 'proxy', false])
      assert.match(refused.message, /the proxy socks5h:\/\/proxy\.test:\d+ \(from proxy\) does not let us in for login\.test:\d+/)
    }
    assert.doesNotMatch(text, /marker/)
  })

  test('that is not there, and a name that only it knows, are told apart', async () => {
    const { result } = await behindProxy(`async ({ emulator }) => {
      const { port } = await startReadingProxy(emulator.caFile, { socks: true })
      process.env.ALL_PROXY = 'socks5://proxy.test:1'
      const absent = await failure()
      clearCache()
      Object.assign(process.env, { ALL_PROXY: 'socks5://proxy.test:' + port, AZURE_AUTHORITY_HOST: 'https://inside.invalid/' })
      return { absent, unknown: await failure() }
    }`)
    assert.deepEqual([result.absent.phase, result.absent.retryable], ['proxy', true])
    assert.match(result.absent.message, /socks5:\/\/proxy\.test:1 \(from ALL_PROXY\) cannot be reached/)
    assert.deepEqual([result.unknown.phase, result.unknown.retryable], ['proxy', false])
    assert.match(result.unknown.message, /cannot resolve: write socks5h:\/\//)
  })
})
