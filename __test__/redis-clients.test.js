// @ts-check
'use strict'

// The store over each client that redisStore supports, with real servers.

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { redisStore } = require('azure-client-token/redis')
const { cluster, installClients, sentinel, single } = require('./support/redis-clients')
const { missingRedis, startCluster, startRedis, startSentinel, until } = require('../scripts/redis/server')

/** @typedef {import('../index').TokenStore} TokenStore */
/** @typedef {import('./support/redis-clients').Connect} Connect */

const { signal } = new AbortController()
const ttl = 60_000

/** The contract of every store. @param {TokenStore} store @param {string} key */
async function meetsTheContract(store, key) {
  assert.equal(await store.get(key, signal) ?? null, null)
  assert.equal(await store.set(key, 'first', { ttl }, signal), true)
  assert.equal(await store.set(key, 'second', { ttl, ifAbsent: true }, signal), false)
  assert.equal(await store.get(key, signal), 'first')
  await store.delete(key, 'second', signal)
  assert.equal(await store.get(key, signal), 'first', 'a key with another value is not deleted')
  await store.delete(key, 'first', signal)
  assert.equal(await store.get(key, signal) ?? null, null)
  assert.equal(await store.set(key, 'second', { ttl, ifAbsent: true }, signal), true)
}

/** @param {TokenStore} store @param {string} key @param {import('../scripts/redis/server').RedisServer} server */
async function keepsTime(store, key, server) {
  const left = async () => Number((await server.command('PTTL', key)).slice(1))
  await store.set(key, 'value', { ttl: 5000.5 }, signal)
  assert.ok(await left() > 4000 && await left() <= 5000)
  await store.extend?.(key, 'other', { ttl: 9000 }, signal)
  assert.ok(await left() <= 5000, 'a key with another value keeps its expiry')
  await store.extend?.(key, 'value', { ttl: 9000 }, signal)
  assert.ok(await left() > 8000)
}

/** @param {Connect} connect @param {number} port @param {(store: TokenStore) => Promise<void>} body */
async function withStore(connect, port, body) {
  const { client, close } = await connect(port)
  try {
    await body(redisStore(client))
  } finally {
    await close()
  }
}

describe('the store over a client', { skip: missingRedis() }, () => {
  /** @type {import('../scripts/redis/server').RedisServer} */
  let server
  before(async () => { [server] = await Promise.all([startRedis(), installClients()]) })
  after(() => server?.close())

  for (const [name, connect] of Object.entries(single)) {
    test(`of ${name}`, () => withStore(connect, server.port, async (store) => {
      await meetsTheContract(store, `of ${name}`)
      await keepsTime(store, `time of ${name}`, server)
    }))
  }

  describe('whose user may run no script', () => {
    before(() => server.command('ACL', 'SETUSER', 'default', '-eval'))
    after(() => server.command('ACL', 'SETUSER', 'default', '+eval'))

    for (const [name, connect] of Object.entries(single)) {
      test(`of ${name}`, () => withStore(connect, server.port, async (store) => {
        await meetsTheContract(store, `no script, of ${name}`)
        await keepsTime(store, `time without script, of ${name}`, server)
      }))
    }
  })

  for (const name of ['redis 5', 'redis 6', 'ioredis 5', 'iovalkey']) {
    test(`of ${name} returns a lease that is granted when no caller waits for it any more`, () => withStore(single[name], server.port, async (store) => {
      const key = `late lease of ${name}`
      server.hang()
      const waiting = new AbortController()
      const granted = store.set(key, 'lease', { ttl, ifAbsent: true }, waiting.signal)
      await sleep(50)
      waiting.abort()
      server.goOn()
      await granted
      assert.equal(await store.get(key, signal) ?? null, null)
    }))
  }

  test('that reads from replicas is refused', async () => {
    const library = await installClients()
    const { Cluster, Redis } = library('ioredis6')
    const nodes = new Cluster([{ host: '127.0.0.1', port: server.port }], { scaleReads: 'slave', lazyConnect: true })
    const replica = new Redis({ role: 'slave', lazyConnect: true })
    const glide = await library('@valkey/valkey-glide').GlideClient.createClient({ addresses: [{ host: '127.0.0.1', port: server.port }], readFrom: 'preferReplica' })
    const refused = (/** @type {string} */ option) => ({ name: 'ConfigurationError', code: 'ERR_CONFIGURATION', settings: ['client', option] })
    assert.throws(() => redisStore(nodes), refused('scaleReads'))
    assert.throws(() => redisStore(replica), refused('role'))
    assert.throws(() => redisStore(glide), refused('readFrom'))
    glide.close()
  })
})

describe('the store over a cluster', { skip: missingRedis() }, () => {
  /** @type {Awaited<ReturnType<typeof startCluster>>} */
  let servers
  before(async () => { servers = await startCluster() })
  after(() => Promise.all(Object.values(servers ?? {}).map((server) => server.close())))

  for (const [name, connect] of Object.entries(cluster)) {
    test(`of ${name}, asks no replica`, async () => {
      const asked = await servers.replica.monitor()
      await withStore(connect, servers.primary.port, (store) => meetsTheContract(store, name))
      await until(async () => asked.text().includes(name))
      assert.doesNotMatch(asked.text(), /"(GET|EVAL)"/i)
      asked.end()
    })
  }
})

describe('the store with a sentinel', { skip: missingRedis() }, () => {
  /** @type {Awaited<ReturnType<typeof startSentinel>>} */
  let servers
  before(async () => { servers = await startSentinel() })
  after(() => Promise.all(Object.values(servers ?? {}).map((server) => server.close())))

  for (const [name, connect] of Object.entries(sentinel)) {
    test(`of ${name}, asks no replica`, async () => {
      const asked = await servers.replica.monitor()
      await withStore(connect, servers.sentinel.port, (store) => meetsTheContract(store, name))
      await until(async () => asked.text().includes(name))
      assert.doesNotMatch(asked.text(), /"(GET|EVAL)"/i)
      asked.end()
    })
  }
})

/** @type {[string, any][]} */
const strangers = [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'redis://127.0.0.1'],
  ['a function', () => {}],
  ['an empty object', {}],
  ['a map', new Map()],
  ['node-redis 4', { sendCommand: async () => 'OK', isOpen: true }],
  ['a client with commands alone', { get: async () => null, set: async () => 'OK' }],
  ['something else with a method call', { call: async () => null }],
]

for (const [name, client] of strangers) {
  test(`redisStore refuses ${name}`, () => {
    assert.throws(() => redisStore(client), { name: 'ConfigurationError', code: 'ERR_CONFIGURATION', message: /redis 5, ioredis 5, iovalkey or @valkey\/valkey-glide 2/ })
  })
}
