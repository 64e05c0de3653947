// @ts-check
'use strict'

// The emulator issues a token to each client that reaches it. Web pages of other sites and other machines must not reach it, and its record
// of requests must not contain a secret.

const assert = require('node:assert/strict')
const { once } = require('node:events')
const fs = require('node:fs')
const http = require('node:http')
const https = require('node:https')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { assertNoSecret } = require('./support/no-secret')

const MANAGED = '/metadata/identity/oauth2/token?api-version=2020-06-01&resource=https://a.example'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** @type {import('../emulator').Emulator} */
let emulator
/** @type {string} */
let arcTokensFolder
before(async () => {
  arcTokensFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'arc-tokens-'))
  emulator = await startEmulator({ names: ['login.test'], managedIdentity: { arcTokensFolder } })
})
after(async () => {
  await emulator.close()
  fs.rmSync(arcTokensFolder, { recursive: true, force: true })
})

const imds = () => Number(new URL(emulator.managedIdentity.imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST).port)
const arc = () => Number(new URL(emulator.managedIdentity.azureArc.environment.IMDS_ENDPOINT).port)
const tokenPath = () => `/${emulator.tenantId}/oauth2/v2.0/token`
const login = () => ({ grant_type: 'client_credentials', scope: 'https://a.example/.default', client_id: emulator.clientId, client_secret: emulator.clientSecret })

/** The emulator's answer to these bytes. @param {string | Buffer} bytes */
async function answerTo(bytes) {
  const socket = net.connect(imds(), '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => (answer += data)).on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
}

/** @param {{ host?: string, target?: string, method?: string, body?: string }} changes */
function request({ host = '127.0.0.1', target = MANAGED, method = 'GET', body = '' }) {
  return `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nMetadata: true\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
}

/**
 * @param {string} body
 * @param {Record<string, string>} [headers]
 * @param {string} [at]
 * @returns {Promise<{ status: number | undefined, text: string }>}
 */
function post(body, headers = {}, at = tokenPath()) {
  return new Promise((resolve, reject) => {
    const port = new URL(emulator.authorityHost).port
    const asked = https.request({ port, host: '127.0.0.1', ca: emulator.caCertificate, servername: 'localhost', method: 'POST', path: at, headers: { ...FORM, ...headers } }, (answer) => {
      let text = ''
      answer.on('data', (data) => (text += data)).on('end', () => resolve({ status: answer.statusCode, text }))
    })
    asked.on('error', reject).end(body)
  })
}

describe('the emulator, attacked', () => {
  test('gives no token to a page whose own name resolves to this machine', async () => {
    for (const host of ['evil.example', `evil.example:${imds()}`, 'localhost.evil.example', 'evil-localhost', '127.0.0.1.evil.example']) {
      assert.equal(await answerTo(request({ host })), 421, host)
    }
    const { status, text } = await post(String(new URLSearchParams(login())), { host: 'evil.example' })
    assert.deepEqual([status, /eyJ/.test(text)], [421, false])
    for (const host of ['localhost', 'LOCALHOST:1', 'localhost.', 'a.localhost', '127.0.0.1:80', '[::1]:80', 'login.test']) {
      assert.equal(await answerTo(request({ host })), 200, host)
    }
  })

  test('listens on no address that other machines reach, whatever it is given', async () => {
    for (const host of ['0.0.0.0', '::', '', '0', '127.1', '2130706433', '8.8.8.8', '::ffff:8.8.8.8', 'localhost.evil.example', null, ['127.0.0.1'], { toString: () => '127.0.0.1' }]) {
      const options = /** @type {any} */ ({ host })
      await assert.rejects(startEmulator(options), /loopback addresses only/, String(host))
      await assert.rejects(startEmulator({ managedIdentity: { imds: options } }), /loopback addresses only/, String(host))
    }
  })

  test('answers a malformed request with an error, and continues', async () => {
    for (const host of ['', 'a b', '[::1', 'evil@127.0.0.1', '127.0.0.1:99999', 'a/b', '%00', 'localhost#', 'localhost\\evil']) {
      assert.equal(await answerTo(request({ host })), 400, `Host ${host}`)
    }
    for (const [target, status] of [['//', 400], ['http://[', 400], ['/%', 404], ['/../../etc/passwd', 404], ['/..%2f..%2fetc%2fpasswd', 404], ['*', 404], ['//evil.example/x', 404]]) {
      assert.equal(await answerTo(request({ target: String(target) })), status, String(target))
    }
    for (const method of ['OPTIONS', 'TRACE', 'PATCH', 'PUT']) assert.equal(await answerTo(request({ method })), 405, method)
    assert.equal(await answerTo(Buffer.from('\x16\x03\x01 not http\r\n\r\n', 'latin1')), 400)
    assert.equal(await answerTo(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`), 431)
    assert.equal(await answerTo(request({ method: 'POST', target: '/x', body: 'x'.repeat(2_000_000) })), 413)
    assert.equal(await answerTo(request({})), 200)
  })

  test('accepts no assertion whose claims have wrong types', async () => {
    const encoded = (/** @type {unknown} */ part) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const { client_secret: _, ...rest } = login()
    for (const claims of [{ iss: { toString: 1 } }, { iss: ['x'] }, { sub: 1 }, { aud: [{ toString: 1 }] }, { jti: {} }, { exp: { valueOf: 1 } }, { exp: '9' }, null, []]) {
      const assertion = `${encoded({ alg: 'none' })}.${encoded(claims)}.`
      const form = new URLSearchParams({ ...rest, client_assertion: assertion, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' })
      const { status, text } = await post(String(form))
      assert.deepEqual([status, JSON.parse(text).error_codes], [400, [50027]], JSON.stringify(claims))
    }
  })

  test('does not take properties of every object for applications or tenants', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      assert.match((await post(String(new URLSearchParams({ ...login(), client_id: name })))).text, /AADSTS700016/, name)
      assert.match((await post(String(new URLSearchParams(login())), {}, `/${name}/oauth2/v2.0/token`)).text, /AADSTS900023/, name)
    }
    for (const claims of ['null', '[]', '{"__proto__":{"access_token":1}}', '['.repeat(100_000), '{"access_token":{"xms_cc":null}}']) {
      assert.equal((await post(String(new URLSearchParams({ ...login(), claims })))).status, 200)
    }
  })

  test('records no secret, wherever a client puts it', async () => {
    emulator.resetCounters()
    await post(String(new URLSearchParams(login())))
    await post('marker-body')
    await post('{"client_secret":"marker-json"}')
    await post('', { authorization: 'marker-authorization' })
    await post('', { authorization: 'Bearer marker-bearer', cookie: 'marker-cookie', 'x-identity-header': 'marker-header' })
    await post('', {}, `${tokenPath()}?client_secret=marker-query&code=marker-code`)
    const secret = emulator.clientSecret
    const misplaced = { ...login(), client_id: secret, scope: `https://a.example/?s=${encodeURIComponent(secret)}`, grant_type: `x${secret}x` }
    const headers = { 'user-agent': `agent/${new URLSearchParams({ s: secret }).toString().slice(2)}`, 'x-client-sku': secret }
    await post(String(new URLSearchParams(misplaced)), headers, `/${encodeURIComponent(secret)}/oauth2/v2.0/token?resource=${encodeURIComponent(secret)}`)
    const recorded = JSON.stringify(emulator.requests)
    assertNoSecret(recorded, [secret, encodeURIComponent(secret), secret.slice(0, 16), secret.slice(-8)])
    assert.doesNotMatch(recorded, /marker/)
    assert.ok(!recorded.includes(JSON.stringify(emulator.clientSecret).slice(1, -1)))
    assert.deepEqual(emulator.requests.map(({ fields }) => fields).slice(0, 2), [Object.keys(login()), ['(other)']])
    assert.deepEqual(emulator.requests.map(({ headers }) => headers.authorization).slice(3, 5), ['(other)', 'Bearer'])
  })

  test('keeps little of what it receives in masses', async () => {
    emulator.resetCounters()
    await post(`scope=${'x'.repeat(900_000)}&${'a&'.repeat(50_000)}`)
    const [{ form, fields }] = emulator.requests
    assert.deepEqual([form.scope.length, fields.length], [4097, 100])
  })

  test("keeps few of Azure Arc's keys, and none after its end", async () => {
    const agent = new http.Agent({ keepAlive: true })
    const other = await startEmulator({ managedIdentity: { arcTokensFolder } })
    for (const port of [arc(), Number(new URL(other.managedIdentity.azureArc.environment.IMDS_ENDPOINT).port)]) {
      for (let asked = 0; asked < 130; asked += 1) {
        const get = http.get({ port, host: '127.0.0.1', path: MANAGED, headers: { metadata: 'true' }, agent })
        const [answer] = await once(get, 'response')
        await once(answer.resume(), 'end')
      }
    }
    agent.destroy()
    assert.equal(fs.readdirSync(arcTokensFolder).length, 200)
    await other.close()
    assert.equal(fs.readdirSync(arcTokensFolder).length, 100)
  })

  test('ends even if clients hold idle connections', async () => {
    const other = await startEmulator()
    const port = Number(new URL(other.managedIdentity.imds.environment.AZURE_POD_IDENTITY_AUTHORITY_HOST).port)
    const sockets = Array.from({ length: 50 }, () => net.connect(port, '127.0.0.1').on('error', () => {}))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    sockets[0].write('GET / HTTP/1.1\r\nHost: loc')
    const ends = sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve)))
    await other.close()
    await Promise.all(ends)
  })
})
