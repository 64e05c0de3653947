// @ts-check
'use strict'

// The messages on node:diagnostics_channel, as docs/diagnostics.md describes them.

const assert = require('node:assert/strict')
const { AsyncLocalStorage } = require('node:async_hooks')
const { execFileSync } = require('node:child_process')
const { subscribe, tracingChannel, unsubscribe } = require('node:diagnostics_channel')
const path = require('node:path')
const { after, before, beforeEach, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../emulator')
const { AuthenticationError, ClientTokenCredential, clearCache, getClientToken } = require('..')
const { binding } = require('../js/binding')
const { logIn } = require('./support/login')
const { assertNoSecret, everyText } = require('./support/no-secret')

const EVENTS = /** @type {const} */ (['start', 'end', 'asyncStart', 'asyncEnd', 'error'])
const SCOPE = 'https://vault.azure.net/.default'
const acquisitions = tracingChannel('azure-client-token:acquire')

/** @typedef {import('..').TokenAcquisition} Acquisition */

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
before(async () => { emulator = await startEmulator() })
after(() => emulator.close())
beforeEach(() => logIn(emulator.environment()))

/**
 * Collects what is published until the test ends: each event, a copy of its message at that time, and the message itself.
 * @param {import('node:test').TestContext} t
 */
function listen(t) {
  /** @type {{ event: string, message: Acquisition, text: string }[]} */
  const heard = []
  const subscribers = Object.fromEntries(EVENTS.map((event) => [event, (/** @type {any} */ message) => {
    heard.push({ event, message, text: everyText(message) })
  }]))
  acquisitions.subscribe(/** @type {any} */ (subscribers))
  t.after(() => acquisitions.unsubscribe(/** @type {any} */ (subscribers)))
  return heard
}

/** @param {ReturnType<typeof listen>} heard */
const ends = (heard) => heard.filter(({ event }) => event === 'asyncEnd').map(({ message }) => message)

/** @returns {import('..').ClientTokenOptions} */
function application() {
  const { tenantId, clientId, clientSecret, authorityHost } = emulator
  return { credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost }
}

test('a token from the service is published with everything except itself', async (t) => {
  const heard = listen(t)
  const result = await getClientToken({ endpoint: 'https://vault.azure.net' })
  assert.deepEqual(heard.map(({ event }) => event), ['start', 'end', 'asyncStart', 'asyncEnd'])
  assert.equal(new Set(heard.map(({ message }) => message)).size, 1, 'one object for all events of a call')
  const { attempts, ...told } = ends(heard)[0]
  assert.equal(attempts?.length, 1)
  const { tenantId, expiresOnTimestamp } = result
  assert.deepEqual({ ...told }, { scopes: [SCOPE], reason: 'missing', source: 'clientSecret', tenantId, from: 'service', expiresOnTimestamp, result: undefined })
  assertNoSecret(heard.map(({ text }) => text).join(), [result.token, emulator.clientSecret])
})

test('a token from the near cache is not published, and one from the native cache is published as cached', async (t) => {
  const heard = listen(t)
  const credential = new ClientTokenCredential(application())
  await credential.getToken(SCOPE)
  await credential.getToken(SCOPE)
  assert.deepEqual(ends(heard).map(({ from }) => from), ['service'])
  await new ClientTokenCredential(application()).getToken(SCOPE)
  assert.deepEqual(ends(heard).map(({ from, reason }) => [from, reason]), [['service', 'missing'], ['memory', 'missing']])
  assert.deepEqual(ends(heard)[1].attempts, [])
})

test('a message says why the token is requested: forced, with claims, or due', async (t) => {
  const heard = listen(t)
  const claims = '{"access_token":{"marker":{"value":"a-claims-marker"}}}'
  await getClientToken({}, { forceRefresh: true })
  await getClientToken({}, { claims, tenantId: emulator.tenantId })
  assert.deepEqual(ends(heard).map(({ reason }) => reason), ['forced', 'claims'])
  assert.deepEqual(heard[0].message.scopes, undefined)
  assertNoSecret(heard.map(({ text }) => text).join(), ['a-claims-marker'])

  const token = { kind: 'token', token: 't', source: 'azureCli', expiresOnTimestamp: Date.now() + 600_000, refreshAfterTimestamp: Date.now() - 1, lease: 1, cachedIn: 'memory' }
  t.mock.method(binding(), 'trust', () => 0)
  t.mock.method(binding(), 'getClientToken', async () => token)
  await getClientToken({ endpoint: 'api://due' })
  await getClientToken({ endpoint: 'api://due' })
  assert.deepEqual(ends(heard).slice(2).map(({ reason, from }) => [reason, from]), [['missing', 'memory'], ['due', 'memory']])
})

test('a renewal that no call waits for is published at its own end', async (t) => {
  const heard = listen(t)
  emulator.faults.add({ status: 200, body: { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 3600, refresh_in: 1 }, times: 1 })
  await getClientToken()
  assert.deepEqual(ends(heard)[0].attempts?.map(({ source, outcome }) => [source, outcome]), [['clientSecret', 'used']])
  await sleep(1100)
  emulator.faults.add({ delay: 100, times: 1 })
  await getClientToken()
  while (ends(heard).length < 3) await sleep(10)
  assert.deepEqual(ends(heard).map(({ reason, from }) => [reason, from]), [['missing', 'service'], ['due', 'memory'], ['due', 'service']])
})

test('a refusal is published with its status, codes, ids and attempts, and without the secret', async (t) => {
  const heard = listen(t)
  const credential = new ClientTokenCredential(/** @type {any} */ ({ ...application(), clientSecret: 'a-secret-marker' }))
  const error = await credential.getToken(SCOPE).catch((/** @type {unknown} */ reason) => reason)
  assert.ok(error instanceof AuthenticationError)
  assert.deepEqual(heard.map(({ event }) => event), ['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
  const [told] = ends(heard)
  assert.equal(told.error, error)
  assert.deepEqual([told.statusCode, told.correlationId, told.source, told.from], [401, error.correlationId, 'clientSecret', undefined])
  assert.deepEqual(told.attempts?.map(({ source, outcome }) => [source, outcome]), [['clientSecret', 'failed']])
  assertNoSecret(heard.map(({ text }) => text).join(), ['a-secret-marker'])
})

test('a call that its signal ends is published with the reason, and a silent host with its name', async (t) => {
  const heard = listen(t)
  const controller = new AbortController()
  const call = getClientToken({}, { signal: controller.signal })
  controller.abort(new Error('enough'))
  await assert.rejects(call, /enough/)
  logIn({ ...emulator.environment(), AZURE_AUTHORITY_HOST: 'https://127.0.0.1:1/' })
  await assert.rejects(getClientToken({}, { timeout: 200 }))
  assert.deepEqual(ends(heard).map(({ error }) => /** @type {any} */ (error).code ?? /** @type {any} */ (error).message), ['enough', 'ERR_NETWORK'])
  assert.equal(ends(heard)[1].host, '127.0.0.1:1')
})

test('a call runs in the context that a tracer binds to its start', async (t) => {
  const spans = new AsyncLocalStorage()
  acquisitions.start.bindStore(spans, (message) => /** @type {Acquisition} */ (message).scopes)
  t.after(() => acquisitions.start.unbindStore(spans))
  const asked = t.mock.method(binding(), 'getClientToken', async () => {
    assert.deepEqual(spans.getStore(), ['api://bound/.default'])
    return { kind: 'token', token: 't', source: 'azureCli', expiresOnTimestamp: Date.now() + 600_000, lease: 1 }
  })
  await getClientToken({ endpoint: 'api://bound' })
  assert.equal(asked.mock.callCount(), 1)
  assert.equal(spans.getStore(), undefined)
})

test('commands to the store of a program are published without their keys and values, and failures without their texts', async (t) => {
  /** @type {import('..').StoreCommand[]} */
  const told = []
  const hear = (/** @type {any} */ message) => told.push(message)
  subscribe('azure-client-token:store', hear)
  t.after(() => unsubscribe('azure-client-token:store', hear))
  /** @type {Map<string, string>} */
  const values = new Map()
  const store = {
    get: async (/** @type {string} */ name) => values.get(name),
    set: async (/** @type {string} */ name, /** @type {string} */ value) => Boolean(values.set(name, value)),
    delete: async () => { throw Object.assign(new Error('AUTH a-password-marker'), { code: 'a-password-marker in a code', name: 'ReplyError', command: { args: ['a-password-marker'] } }) },
  }
  const cache = /** @type {const} */ ({ kind: 'shared', store, keys: [{ id: 'k', key: new Uint8Array(32).fill(7) }] })
  const { token } = await new ClientTokenCredential({ ...application(), cache }).getToken(SCOPE)
  while (!told.some(({ command }) => command === 'delete')) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([told[0].command, told[0].outcome], ['get', 'nothing'])
  assert.ok(told.some(({ command, outcome }) => command === 'set' && outcome === 'done'))
  const { milliseconds, ...failed } = /** @type {import('..').StoreCommand} */ (told.find(({ command }) => command === 'delete'))
  assert.deepEqual(failed, { command: 'delete', outcome: 'failed', errorType: 'ReplyError' })
  assert.ok(milliseconds >= 0)
  assertNoSecret(everyText(told), ['a-password-marker', token, emulator.clientSecret, ...values.keys(), ...values.values()])
  clearCache()
})

test('a call that is not observed loads no file for it, and `require` loads no channel', () => {
  const program = `
    const loaded = () => process.moduleLoadList.includes('NativeModule diagnostics_channel')
    const before = loaded()
    const { getClientToken } = require('./index.js')
    const after = loaded()
    getClientToken({}, { timeout: 1 }).catch(() => {}).then(() => {
      console.log(JSON.stringify([before === after, Object.keys(require.cache).some((file) => file.endsWith('diagnostics.js'))]))
    })`
  const printed = execFileSync(process.execPath, ['-e', program], { cwd: path.join(__dirname, '..'), encoding: 'utf8', env: { PATH: '/nowhere', ARM_USE_CLI: 'true' } })
  assert.deepEqual(JSON.parse(printed), [true, false])
})
