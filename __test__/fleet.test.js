// @ts-check
'use strict'

// Pods that share a real Redis make one request.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const path = require('node:path')
const { after, afterEach, before, beforeEach, describe, test } = require('node:test')
const { redisStore } = require('azure-client-token/redis')
const { startEmulator } = require('../emulator')
const { newKey, oneKey, podOf, times, tokensOf } = require('./support/fleet')
const { installClients, single } = require('./support/redis-clients')
const { missingRedis, startRedis, until } = require('../scripts/redis/server')

/** The additional time that a pod may take, because this machine runs all of them. */
const SLACK = 3000

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('../scripts/redis/server').Server} */
let server
/** @type {import('./support/redis-clients').Connected[]} */
let connections = []

/** @param {string} [name] of the client @returns {Promise<import('../index').TokenStore>} */
async function store(name = 'redis 5') {
  const connected = await single[name](server.port)
  connections.push(connected)
  return redisStore(connected.client)
}

/** The number of token requests, counted when they arrive. */
const requests = () => emulator.counters.requests
const tokens = (/** @type {import('./support/fleet').Outcome[]} */ outcomes) => new Set(outcomes.map(({ result }) => result.token))
const slowest = (/** @type {import('./support/fleet').Outcome[]} */ outcomes) => Math.max(...outcomes.map(({ time }) => time))

describe('a fleet', { skip: missingRedis() }, () => {
  before(async () => { [emulator, server] = await Promise.all([startEmulator(), startRedis(), installClients()]) })
  after(() => Promise.all([emulator?.close(), server?.close()]))
  beforeEach(async () => {
    await server.command('FLUSHALL')
    emulator.faults.clear()
    emulator.resetCounters()
  })
  afterEach(async () => {
    for (const { close } of connections.splice(0)) await close()
  })

  test('of 200 pods makes one request, whichever clients of Redis they use', async () => {
    const stores = await Promise.all(['redis 5', 'redis 6', 'ioredis 5', 'iovalkey', 'valkey-glide'].map(store))
    const outcomes = await tokensOf(times(200, (index) => podOf(emulator, stores[index % stores.length])))
    assert.equal(requests(), 1)
    assert.equal(tokens(outcomes).size, 1)
    assert.equal(outcomes.filter(({ result }) => result.cachedIn === 'shared').length, 199)
  })

  test('that comes later makes none', async () => {
    const shared = await store()
    await tokensOf([podOf(emulator, shared)])
    const [{ result }] = await tokensOf([podOf(emulator, shared)])
    assert.equal(requests(), 1)
    assert.equal(result.cachedIn, 'shared')
  })

  test('makes three requests when the first two are throttled, and no pod waits longer than that', async () => {
    emulator.faults.add({ path: '/oauth2/v2.0/token', status: 429, headers: { 'retry-after': '1' }, body: { error: 'throttled' }, times: 2 })
    const shared = await store()
    const outcomes = await tokensOf(times(100, () => podOf(emulator, shared, { lease: 2000 })))
    assert.ok(requests() <= 3, `${requests()} requests`)
    assert.equal(tokens(outcomes).size, 1)
    assert.ok(slowest(outcomes) < 2 * 1000 * 1.5 + 2000 + 2000 + SLACK)
  })

  test('makes one more request if a holder is killed, and waits at most for its lease', async () => {
    emulator.faults.add({ path: '/oauth2/v2.0/token', delay: 30_000, times: 1 })
    const killed = processOf({ lease: 2000 })
    await until(async () => requests() === 1)
    killed.kill('SIGKILL')
    const shared = await store()
    const outcomes = await tokensOf(times(50, () => podOf(emulator, shared, { lease: 2000 })))
    assert.equal(requests(), 2)
    assert.equal(tokens(outcomes).size, 1)
    assert.ok(slowest(outcomes) < 2000 + 2000 + SLACK)
  })

  test('keeps the lease of a longer request, and asks once', async () => {
    emulator.faults.add({ path: '/oauth2/v2.0/token', delay: 2000, times: 1 })
    const shared = await store()
    const outcomes = await tokensOf(times(20, () => podOf(emulator, shared, { lease: 1000 })))
    assert.equal(requests(), 1)
    assert.equal(tokens(outcomes).size, 1)
    assert.deepEqual(await keysOf(':l'), [], 'the lease was returned')
  })

  test('has separate tokens for each resource', async () => {
    const shared = await store()
    const [arm] = await tokensOf([podOf(emulator, shared)])
    const [graph] = await tokensOf([podOf(emulator, shared)], { endpoint: 'https://graph.microsoft.com' })
    assert.notEqual(arm.result.token, graph.result.token)
    assert.equal(requests(), 2)
  })

  test('continues through the phases of a key\'s rotation', async () => {
    const shared = await store()
    const next = newKey('2026-12')
    /** @type {[import('../index').SharedTokenStore['keys'], number][]} the keys, and the requests so far */
    const phases = [[[oneKey], 1], [[oneKey, next], 1], [[next, oneKey], 1], [[next], 2], [[next], 2]]
    for (const [keys, expected] of phases) {
      await tokensOf([podOf(emulator, shared, { keys })])
      assert.equal(requests(), expected, keys.map(({ id }) => id).join(' '))
    }
  })

  test('with other keys of the same ids asks for itself, and disturbs no other pod', async () => {
    const shared = await store()
    const other = { keys: /** @type {const} */ ([newKey(oneKey.id)]) }
    await tokensOf([podOf(emulator, shared), podOf(emulator, shared, other)])
    await tokensOf([podOf(emulator, shared), podOf(emulator, shared, other)])
    assert.equal(requests(), 2)
  })

  test('does not use a value that was changed, or stored under another name', async () => {
    const shared = await store()
    await tokensOf([podOf(emulator, shared)])
    await tokensOf([podOf(emulator, shared)], { endpoint: 'https://graph.microsoft.com' })
    const [first, second] = await keysOf('')
    const [one, two] = [await server.command('GET', first), await server.command('GET', second)]
    for (const value of [two, flipped(one), one.slice(0, -4), '', '{}', 'x'.repeat(100_000)]) {
      await server.command('SET', first, value)
      await server.command('SET', second, value === two ? one : value)
      emulator.resetCounters()
      const [{ result }] = await tokensOf([podOf(emulator, shared)])
      assert.equal(result.cachedIn, undefined)
      assert.equal(requests(), 1)
    }
  })

  test('shows Redis no token, no secret and no owner', async () => {
    const monitor = await server.monitor()
    const shared = await store()
    const [{ result }] = await tokensOf(times(10, () => podOf(emulator, shared)))
    const dump = await server.dump()
    await until(async () => monitor.text().includes('"GET"'))
    const key = Buffer.from(oneKey.key)
    const secrets = [result.token, result.token.split('.')[1], result.token.split('.')[2], emulator.clientId, emulator.tenantId, 'management.azure.com', key.toString('base64'), key.toString('hex'), key.toString('latin1')]
    for (const secret of secrets) {
      assert.ok(!monitor.text().includes(secret), 'in the output of MONITOR')
      assert.ok(!dump.includes(secret), 'in the dump')
    }
    assert.match(monitor.text(), /act:1:/)
    monitor.end()
  })

  test('keeps its keys under its prefix, and all of them end by themselves', async () => {
    const shared = await store()
    await tokensOf([podOf(emulator, shared, { prefix: 'team' })])
    const keys = await keysOf('', 'team')
    assert.equal(keys.length, 1)
    assert.ok(Number((await server.command('PTTL', keys[0])).slice(1)) > 50 * 60_000)
  })
})

/** @param {string} ending @param {string} [prefix] @returns {Promise<string[]>} */
async function keysOf(ending, prefix = 'act') {
  const reply = await server.command('KEYS', `${prefix}:1:*`)
  return reply.split('\r\n').filter((line) => line.startsWith(prefix) && line.endsWith(ending)).sort()
}

/** @param {string} text */
function flipped(text) {
  const middle = text.length / 2 | 0
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1)
}

/** A pod that is a separate process. @param {import('./support/fleet').Settings} settings */
function processOf(settings) {
  const { authorityHost, tenantId, clientId, caCertificate, workloadIdentity } = emulator
  const keys = [{ id: oneKey.id, key: Buffer.from(oneKey.key).toString('base64') }]
  const credential = { authorityHost, tenantId, clientId, ca: caCertificate }
  const parameters = JSON.stringify({ port: server.port, cache: { keys, ...settings }, credential, assertionFile: workloadIdentity.tokenFile })
  return spawn(process.execPath, [path.join(__dirname, 'support', 'fleet-pod.js'), parameters], { stdio: 'ignore' })
}
