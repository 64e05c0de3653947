// @ts-check
'use strict'

// Tokens that processes share through the program's own store.

const assert = require('node:assert/strict')
const { fork } = require('node:child_process')
const path = require('node:path')
const { after, before, beforeEach, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../emulator')
const { ClientTokenCredential, ConfigurationError } = require('..')
const { logIn } = require('./support/login')

/** @typedef {import('..').ClientTokenOptions} Options */
/** @typedef {import('..').SharedTokenStore} SharedTokenStore */
/** @typedef {import('..').TokenStore} TokenStore */

const CHILD = path.join(__dirname, 'support', 'shared-store-child.js')
const SCOPE = 'https://vault.azure.net/.default'
const key = { id: 'k', key: new Uint8Array(32).fill(7) }

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {Record<string, string>} */
let host
/** @type {Options} */
let application

before(async () => { emulator = await startEmulator() })
after(() => emulator.close())

beforeEach(() => {
  const { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret, AZURE_AUTHORITY_HOST, ...rest } = emulator.environment()
  host = rest
  logIn(host)
  application = { credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost: emulator.authorityHost }
  emulator.resetCounters()
})

/** A store in this process. */
function storeInMemory() {
  /** @type {Map<string, string>} */
  const values = new Map()
  /** @type {TokenStore} */
  const store = {
    get: async (name) => values.get(name),
    set: async (name, value, { ifAbsent }) => {
      if (ifAbsent && values.has(name)) return false
      values.set(name, value)
      return true
    },
    delete: async (name, value) => { if (values.get(name) === value) values.delete(name) },
  }
  return { store, values }
}

/** @param {TokenStore} store @param {object} [more] */
const shared = (store, more) => /** @type {SharedTokenStore} */ ({ kind: 'shared', store, keys: [key], ...more })

/** @param {SharedTokenStore} cache */
const token = (cache) => new ClientTokenCredential({ ...application, cache }).getToken(SCOPE)

/**
 * The origin of another process's token, which uses this process's store.
 * @param {TokenStore} store
 * @returns {Promise<string>}
 */
function inAnotherProcess(store) {
  const child = fork(CHILD, { env: { ...process.env, ...host } })
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal}`)))
    child.on('message', async (/** @type {any} */ { number, command, args, cachedIn }) => {
      if (cachedIn) return resolve(cachedIn)
      const answer = await store[/** @type {'get'} */ (command)](...(/** @type {[any, any]} */ (args)))
      if (child.connected) child.send({ number, answer })
    })
    child.send({ options: application })
  })
}

test('processes that start together make one request, and nothing readable is in the store', async () => {
  const { store, values } = storeInMemory()
  const origins = await Promise.all(Array.from({ length: 6 }, () => inAnotherProcess(store)))
  assert.deepEqual(origins.sort(), ['service', 'shared', 'shared', 'shared', 'shared', 'shared'])
  assert.equal(emulator.counters.requests, 1)
  const [[name, value], ...others] = values
  assert.match(name, /^act:1:[a-z2-7]{32}$/)
  assert.deepEqual(others, [], 'the lease is returned')
  const { token: text } = await token(shared(store))
  for (const secret of [text, 'clientSecret', SCOPE]) {
    assert.ok(!Buffer.from(value, 'base64url').includes(secret) && !value.includes(secret))
  }
  assert.equal(emulator.counters.requests, 1, 'the token was in the store')
})

test('a result says where its token was kept', async () => {
  const { store } = storeInMemory()
  const own = new ClientTokenCredential({ ...application, cache: shared(store) })
  assert.equal((await own.getToken(SCOPE)).cachedIn, undefined)
  assert.equal((await own.getToken(SCOPE)).cachedIn, 'memory')
  assert.equal((await own.explain({ endpoint: SCOPE })).cachedIn, 'memory')
  assert.equal((await new ClientTokenCredential({ ...application }).getToken(SCOPE)).cachedIn, 'memory')
})

test('a store that throws, hangs or returns nonsense causes no failure', async () => {
  /** @type {AbortSignal[]} */
  const signals = []
  const refuses = () => Promise.reject(new Error('no'))
  const throws = () => { throw new Error('no') }
  const hangs = (/** @type {unknown[]} */ ...args) => {
    signals.push(/** @type {AbortSignal} */ (args.at(-1)))
    return new Promise(() => {})
  }
  const nonsense = async () => 5
  for (const command of [refuses, throws, hangs, nonsense]) {
    logIn(host)
    const store = /** @type {TokenStore} */ (/** @type {unknown} */ ({ get: command, set: command, delete: command }))
    assert.equal((await token(shared(store, { patience: 50 }))).cachedIn, undefined)
  }
  assert.ok(signals.length > 0 && signals.every((signal) => signal.aborted), 'the signals of abandoned commands are aborted')
})

test('a cancelled command keeps nothing, even if its store never answers', async () => {
  require('node:v8').setFlagsFromString('--expose-gc')
  const collect = require('node:vm').runInNewContext('gc')
  /** @type {WeakRef<AbortSignal>[]} */
  const signals = []
  const given = (/** @type {AbortSignal} */ signal) => {
    signals.push(new WeakRef(signal))
    return new Promise(() => {})
  }
  const store = { get: (/** @type {string} */ _, /** @type {AbortSignal} */ signal) => given(signal), set: async () => true, delete: async () => {} }
  const cache = /** @type {SharedTokenStore} */ ({ kind: 'shared', store, keys: [key], patience: 20 })
  await new ClientTokenCredential({ ...application, cache }).getToken(SCOPE)
  await sleep(50)
  collect()
  assert.ok(signals.length > 0)
  assert.deepEqual(signals.filter((signal) => signal.deref() !== undefined), [])
})

test('an invalid option is an error that names it', () => {
  const { store } = storeInMemory()
  const made = (/** @type {unknown} */ cache, /** @type {object} */ more = application) =>
    () => new ClientTokenCredential(/** @type {Options} */ ({ ...more, cache }))
  const wrongTypes = { 'options.cache': true, 'options.cache.kind': {}, 'options.cache.keys': { kind: 'shared', store } }
  for (const [name, cache] of Object.entries(wrongTypes)) assert.throws(made(cache), { name: 'TypeError', message: new RegExp(name) })
  for (const member of ['get', 'set', 'delete']) {
    assert.throws(made(shared({ ...store, [member]: 1 })), { name: 'TypeError', message: new RegExp(`store.${member}`) })
  }
  const mistakes = [{ keys: [] }, { keys: [{ id: 'k', key: 'short' }] }, { keys: [key, key] }, { prefix: 'a b' }]
  for (const mistake of mistakes) assert.throws(made(shared(store, mistake)), ConfigurationError)
  assert.throws(made(shared(store), { credential: 'azureCli' }), (/** @type {any} */ error) => error.code === 'ERR_CONFIGURATION' && error.settings.includes('cache'))
  assert.throws(() => new ClientTokenCredential({ credential: 'chain', chain: [/** @type {any} */ ({ ...application, cache: false })] }), ConfigurationError)
  assert.doesNotThrow(made(shared(store), { credential: 'chain', chain: [{ credential: 'azureCli' }, { ...application, authorityHost: undefined }] }))
  assert.doesNotThrow(made(false, { credential: 'azureCli' }))
})
