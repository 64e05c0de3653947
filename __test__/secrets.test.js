// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { subscribe, unsubscribe } = require('node:diagnostics_channel')
const { once } = require('node:events')
const http = require('node:http')
const tls = require('node:tls')
const { inspect } = require('node:util')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { ClientTokenCredential, getClientToken, clearCache } = require('..')
const { ClientSecretCredential, DefaultAzureCredential } = require('../identity')
const { logIn } = require('./support/login')
const { assertNoSecret, everyText } = require('./support/no-secret')
const { run } = require('./support/run')
const { issue } = require('./support/server-certificates')

const marker = 'marker~secret/+&=%"\'\\ü'

/** The forms in which a text may contain a secret: as it is, and as forms, JSON and addresses encode it. */
const shapes = [marker, encodeURIComponent(marker), new URLSearchParams({ s: marker }).toString().slice(2), JSON.stringify(marker).slice(1, -1), 'marker~secret', 'marker%7Esecret']

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator

before(async () => {
  emulator = await startEmulator()
})
after(() => emulator.close())

function application() {
  const { tenantId, clientId, clientSecret, authorityHost } = emulator
  return { credential: /** @type {const} */ ('clientSecret'), tenantId, clientId, clientSecret, authorityHost }
}

beforeEach(() => {
  logIn({ ...emulator.environment(), ARM_CLIENT_SECRET: marker })
  emulator.faults.clear()
})

describe('no text of this package contains the secret', () => {
  /** @type {[string, () => void, object?][]} */
  const failures = [
    ['a refusal', () => {}],
    ['a refusal that repeats the request', () => emulator.faults.add({ status: 400, body: JSON.stringify({ error: 'e', error_description: `AADSTS1: ${marker}` }) })],
    ['a timeout', () => emulator.faults.add({ delay: 2000 }), { timeout: 100 }],
    ['a refused connection', () => (process.env.AZURE_AUTHORITY_HOST = 'https://localhost:1/')],
    ['an untrusted server', () => delete process.env.NODE_EXTRA_CA_CERTS],
    ['a page', () => emulator.faults.add({ status: 200, body: `<html>${marker}</html>` })],
    ['a mistake in the settings', () => delete process.env.ARM_TENANT_ID],
    ['a secret in the place of an id', () => (process.env.ARM_TENANT_ID = marker)],
    ['a secret in the place of the authority', () => (process.env.AZURE_AUTHORITY_HOST = `https://user:${encodeURIComponent(marker)}@localhost/`)],
  ]
  for (const [name, prepare, opts] of failures) {
    test(`after ${name}`, async () => {
      prepare()
      clearCache()
      const error = await getClientToken({}, opts).then(() => assert.fail('a token came'), (failure) => failure)
      assert.ok(error.code?.startsWith('ERR_'), inspect(error))
      assertNoSecret(everyText(error), shapes)
    })
  }

  test('after success, of which only the token is returned', async () => {
    logIn(emulator.environment())
    const { token, ...rest } = await getClientToken()
    assertNoSecret(everyText(rest), [emulator.clientSecret, token])
  })

  test('after an argument of a wrong type', async () => {
    /** @type {any[][]} */
    const calls = [[marker], [{ endpoint: [marker] }], [{}, { timeout: marker }], [{}, { scopes: { marker } }]]
    for (const [args, opts] of calls) {
      const error = await getClientToken(args, opts).then(() => assert.fail('a token came'), (failure) => failure)
      assertNoSecret(everyText(error), shapes)
    }
  })
})

test('a program that ends in an unhandled refusal prints no secret', async () => {
  const environment = { ...emulator.environment(), ARM_CLIENT_SECRET: marker }
  const { code, stdout, stderr } = await run(`require('./index.js').getClientToken()`, { environment })
  assert.equal(code, 1)
  assert.match(stderr, /AADSTS7000215/)
  assertNoSecret(stdout + stderr, shapes)
})

test('a secret in place of a scope or a tenant is shown by no explanation, and on no channel', async (t) => {
  const told = /** @type {string[]} */ ([])
  const hear = (/** @type {unknown} */ message) => void told.push(everyText(message))
  const channels = ['start', 'asyncEnd'].map((event) => `tracing:azure-client-token:acquire:${event}`)
  for (const name of channels) subscribe(name, hear)
  t.after(() => channels.forEach((name) => unsubscribe(name, hear)))
  for (const scope of ['https://user:m4rker@host/.default', 'https://host/?sig=m4rker0m4rker0', 'ghp_m4rker0m4rker0']) {
    const credential = new ClientTokenCredential({ ...application(), additionallyAllowedTenants: ['*'] })
    const { scopes } = await credential.explain({}, { scopes: [scope] })
    assert.match(scopes[0], /^a scope, \d+ characters, not shown \(/)
    await credential.getClientToken({}, { scopes: [scope], tenantId: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ.m4rker' }).catch(() => {})
    await credential.getClientToken({ endpoint: scope.replace('/.default', '') }).catch(() => {})
  }
  assert.ok(told.length >= 12, `${told.length} messages`)
  assertNoSecret(told.join(), ['m4rker', 'eyJhbGciOiJub25lIn0'])
})

test('a secret in place of an option or a variable is not shown, whatever its value is', () => {
  const secrets = ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZXIifQ.', '-----BEGIN PRIVATE KEY-----', 'Abc8Q~S3CR3T.marker_9f8e7d-xyz.', `${'MIIEvgIB'.repeat(9)}==`]
  /** @type {((secret: string) => object)[]} */
  const places = [
    (secret) => ({ credential: 'clientSecret', [secret]: 1 }),
    (secret) => ({ credential: 'chain', chain: [{ credential: 'azureCli', [secret]: {} }] }),
    (secret) => ({ credential: 'command', program: 'x', environment: { [secret]: 1 } }),
    (secret) => ({ credential: 'oidc', managedIdentity: { [secret]: [] } }),
    (secret) => ({ credential: 'clientSecret', [secret]: 'text' }),
    (secret) => ({ credential: 'chain', chain: [{ credential: 'azureCli', [secret]: 'text' }] }),
    (secret) => ({ credential: 'azureCli', expect: { [secret]: 'text' } }),
  ]
  for (const secret of secrets) {
    for (const place of places) {
      assert.throws(() => new ClientTokenCredential(/** @type {any} */ (place(secret))), (/** @type {any} */ error) => {
        assertNoSecret(everyText(error), [secret])
        assert.match(error.message, /characters, not shown, whose value must be a string|\(a name of \d+ characters, not shown\) is not an option|has a name that no variable can have/)
        return true
      })
    }
  }
  assert.throws(() => new ClientTokenCredential(/** @type {any} */ ({ credential: 'clientSecret', tenantId: 1 })), /options\.tenantId must be a string/)
})

test('a secret in the place of a tenant or a required variable is not shown by the drop-in', async () => {
  const { tenantId, clientId } = emulator
  for (const secret of ['ghp_m4rker0m4rker0', 'Abc8Q~S3CR3T.m4rker0_9f8e7d', 'https://user:m4rker0@host/']) {
    const credential = new ClientSecretCredential(tenantId, clientId, 's')
    const error = await credential.getToken('https://vault.azure.net/.default', { tenantId: secret }).catch((failure) => failure)
    assert.match(error.message, /may not ask tenant tenantId, \d+ characters, not shown/)
    assertNoSecret(everyText(error), ['m4rker0'])
    assert.throws(() => new DefaultAzureCredential(/** @type {any} */ ({ requiredEnvVars: ['A_VARIABLE', secret] })), (/** @type {any} */ failure) => {
      assert.match(failure.message, /not set: A_VARIABLE, requiredEnvVars, \d+ characters, not shown/)
      assertNoSecret(everyText(failure), ['m4rker0'])
      return true
    })
  }
})

test('a text in place of an authentication record is not shown, although the parser quotes it', () => {
  const { deserializeAuthenticationRecord } = require('../identity')
  for (const text of ['Password=M4rker0;x=y', `M4rker0${'x'.repeat(100)}`]) {
    assert.throws(() => deserializeAuthenticationRecord(text), (/** @type {unknown} */ error) => error instanceof SyntaxError && !inspect(error).includes('M4rker') && /is not JSON/.test(error.message))
  }
})

test('scopes and claims of a call are not listed with the error of the drop-in for a refusal', async () => {
  const { tenantId, clientId, authorityHost } = emulator
  const claims = JSON.stringify({ access_token: { nonce: { value: 'm4rker0' } } })
  const credential = new ClientSecretCredential(tenantId, clientId, 'wrong', { authorityHost })
  const error = await credential.getToken('https://user:m4rker0@host/.default', { claims }).catch((failure) => failure)
  assert.deepEqual([error.name, error.scopes, error.getTokenOptions], ['AuthenticationRequiredError', ['https://user:m4rker0@host/.default'], { claims }])
  assertNoSecret([error.stack, inspect(error, { depth: Infinity }), JSON.stringify(error)].join(), ['m4rker0'])
})

test('a proxy that puts its password into a certificate, or into an answer, does not have it shown', async (t) => {
  const password = 'Zk7wQp2LmX9vRt4Bn8sY'
  const trusted = await issue({ name: 'login.test' })
  const said = JSON.stringify({ error: 'e', error_description: `AADSTS1: ${password} is not welcome` })
  /** @type {[import('./support/server-certificates').Authority, RegExp][]} */
  const rows = [
    [await issue({ subject: password, name: 'login.test' }), /issued by "\*\*\*"/],
    [await issue({ issuer: trusted, name: `${password}.test` }), /another host name/],
    [trusted, /AADSTS1: \*\*\* is not welcome/],
  ]
  for (const [pair, words] of rows) {
    const proxy = http.createServer().listen(0, '127.0.0.1')
    t.after(() => proxy.close())
    proxy.on('connect', (_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const secure = new tls.TLSSocket(socket, { isServer: true, cert: pair.pem, key: pair.privateKey }).on('error', () => {})
      secure.once('data', () => secure.end(`HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${said.length}\r\n\r\n${said}`))
    })
    await once(proxy, 'listening')
    const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address())
    const through = { authorityHost: 'https://login.test/', proxy: `http://user:${password}@127.0.0.1:${port}`, ca: trusted.pem }
    const error = await new ClientTokenCredential({ ...application(), ...through }).getToken('a/.default').catch((failure) => failure)
    assert.match(error.message, words)
    assertNoSecret(everyText(error), [password, password.toLowerCase()])
  }
})
