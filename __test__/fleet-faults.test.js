// @ts-check
'use strict'

// Failures of a fleet's Redis, of a client of it and of a thread: every pod still gets a token within a bounded time.

const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { redisStore } = require('azure-client-token/redis')
const { startEmulator } = require('../emulator')
const { claimsOf } = require('./support/claims')
const { oneKey, podOf, times, tokensOf } = require('./support/fleet')
const { installClients, single } = require('./support/redis-clients')
const { PODS, faults } = require('./support/redis-faults')
const { missingRedis, startRedis } = require('../scripts/redis/server')

const settings = { patience: 200, lease: 1000 }
/** Three commands that hang, the wait for a lease, and the time of twenty calls on this machine. */
const BOUND = 3 * settings.patience + settings.lease + 2000 + 3000

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator

describe('pods get their tokens where Redis', { skip: missingRedis() }, () => {
  before(async () => { [emulator] = await Promise.all([startEmulator(), installClients()]) })
  after(() => emulator?.close())

  for (const name of ['redis 5', 'ioredis 5', 'iovalkey']) {
    for (const [what, fault, atMost] of faults) {
      test(`${what}, with ${name}`, async (t) => {
        const server = await startRedis()
        const connected = await single[name](server.port)
        t.after(async () => {
          server.goOn()
          // Some clients fail if they are already closed.
          await Promise.resolve().then(connected.close).catch(() => {})
          await server.close()
        })
        const store = redisStore(connected.client)
        await tokensOf([podOf(emulator, store, settings)])
        await fault(server, connected)
        emulator.resetCounters()
        const outcomes = await tokensOf(times(PODS, () => podOf(emulator, store, settings)))
        for (const { result, time } of outcomes) {
          assert.equal(claimsOf(result.token).aud, 'https://management.azure.com/')
          assert.ok(time < BOUND, `${time} ms`)
        }
        assert.ok(emulator.counters.tokenRequests <= atMost, `${emulator.counters.tokenRequests} requests`)
      })
    }
  }
})

/** A store in memory, some of whose functions a test replaces. @param {Partial<import('../index').TokenStore>} changes */
function storeInMemory(changes = {}) {
  /** @type {Map<string, string>} */
  const values = new Map()
  /** @type {import('../index').TokenStore} */
  const store = {
    get: async (key) => values.get(key),
    set: async (key, value, { ifAbsent }) => {
      if (ifAbsent && values.has(key)) return false
      values.set(key, value)
      return true
    },
    delete: async (key, value) => values.get(key) === value && values.delete(key),
  }
  return { values, store: { ...store, ...changes } }
}

/** @type {[string, any][]} mistakes of a program's own store */
const wrongStores = [
  ['throws', () => { throw new Error('no') }],
  ['rejects with nothing', () => Promise.reject(undefined)],
  ['never answers', () => new Promise(() => {})],
  ['gives no promise', () => 'text'],
  ['gives a number', async () => 7],
  ['gives an object', async () => ({ then: 1 })],
  ['gives a getter that throws', async () => Object.create(null, { toString: { get() { throw new Error('no') } } })],
]

describe('pods get their tokens where a store of their own', () => {
  before(async () => { emulator = await startEmulator() })
  after(() => emulator.close())

  for (const [what, method] of wrongStores) {
    for (const name of /** @type {const} */ (['get', 'set', 'delete'])) {
      test(`${what} in ${name}`, async () => {
        const { store } = storeInMemory({ [name]: method })
        const outcomes = await tokensOf(times(3, () => podOf(emulator, store, settings)))
        for (const { result, time } of outcomes) {
          assert.ok(result.token.length > 100)
          assert.ok(time < BOUND, `${time} ms`)
        }
      })
    }
  }

  test('gets a signal that ends with the time limit', async () => {
    /** @type {AbortSignal | undefined} */
    let seen
    const { store } = storeInMemory({ get: (_, signal) => new Promise(() => { seen ??= /** @type {AbortSignal} */ (signal) }) })
    await tokensOf([podOf(emulator, store, settings)])
    await sleep(50)
    assert.equal(seen?.aborted, true)
  })

  test('runs in a thread whose event loop is blocked', async () => {
    const { store } = storeInMemory()
    const pending = tokensOf([podOf(emulator, store, { ...settings, patience: 50 })])
    const end = performance.now() + 500
    while (performance.now() < end);
    const [{ result }] = await pending
    assert.ok(result.token.length > 100)
  })

  test('runs in a thread that ends in the middle', async () => {
    emulator.faults.clear()
    const worker = new Worker(path.join(__dirname, 'support', 'fleet-worker.js'), { workerData: workerData() })
    await new Promise((resolve) => { worker.once('message', resolve) })
    await worker.terminate()
    const { store } = storeInMemory()
    const [{ result }] = await tokensOf([podOf(emulator, store, settings)])
    assert.ok(result.token.length > 100)
  })
})

/** The emulator's data for a worker, to which functions cannot be sent. */
function workerData() {
  const { authorityHost, tenantId, clientId, caCertificate } = emulator
  return { login: { authorityHost, tenantId, clientId, caCertificate }, assertion: emulator.issueAssertion(), key: oneKey }
}
