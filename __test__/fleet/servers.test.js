// @ts-check
'use strict'

// Pods that use a cluster and a sentinel, and threads of pods: one that ends during a command to Redis, and one whose event loop is
// blocked.

const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { redisStore } = require('azure-client-token/redis')
const { startEmulator } = require('../../emulator')
const { missingRedis, startCluster, startRedis, startSentinel } = require('../../scripts/redis/server')
const { oneKey, podOf, times, tokensOf } = require('../support/fleet')
const { cluster, installClients, sentinel, single } = require('../support/redis-clients')

/** @typedef {import('../support/redis-clients').Connect} Connect */

const PODS = 50

describe('a fleet', { skip: missingRedis() }, () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  before(async () => { [emulator] = await Promise.all([startEmulator(), installClients()]) })
  after(() => emulator?.close())

  /** @param {Connect} connect @param {number} port */
  async function makesOneRequest(connect, port) {
    const { client, close } = await connect(port)
    try {
      emulator.resetCounters()
      // Each test has its own prefix, because the servers keep the previous test's keys.
      const prefix = `p${Math.random().toString(36).slice(2)}`
      const outcomes = await tokensOf(times(PODS, () => podOf(emulator, redisStore(client), { prefix })))
      assert.equal(new Set(outcomes.map(({ result }) => result.token)).size, 1)
      assert.equal(emulator.counters.tokenRequests, 1)
    } finally {
      await close()
    }
  }

  describe('over a cluster of one primary with all slots makes one request', () => {
    /** @type {Awaited<ReturnType<typeof startCluster>>} */
    let servers
    before(async () => { servers = await startCluster() })
    after(() => Promise.all(Object.values(servers ?? {}).map((server) => server.close())))

    for (const [name, connect] of Object.entries(cluster)) {
      test(name, () => makesOneRequest(connect, servers.primary.port))
    }
  })

  describe('that a sentinel leads makes one request', () => {
    /** @type {Awaited<ReturnType<typeof startSentinel>>} */
    let servers
    before(async () => { servers = await startSentinel() })
    after(() => Promise.all(Object.values(servers ?? {}).map((server) => server.close())))

    for (const [name, connect] of Object.entries(sentinel)) {
      test(name, () => makesOneRequest(connect, servers.sentinel.port))
    }
  })

  describe('of threads, with', () => {
    for (const name of ['redis 5', 'ioredis 5', 'iovalkey', 'valkey-glide']) {
      test(`${name}: one that ends in the middle of a command causes no failure of the others`, async (t) => {
        const server = await startRedis()
        t.after(() => server.close())
        const { authorityHost, tenantId, clientId, caCertificate } = emulator
        const login = { authorityHost, tenantId, clientId, caCertificate }
        const workerData = { login, assertion: emulator.issueAssertion(), key: oneKey, port: server.port, client: name }
        const worker = new Worker(path.join(__dirname, '..', 'support', 'fleet-redis-worker.js'), { workerData })
        await new Promise((resolve) => { worker.once('message', resolve) })
        server.hang()
        worker.postMessage('ask')
        await sleep(100)
        await worker.terminate()
        server.goOn()
        const { client, close } = await single[name](server.port)
        t.after(close)
        emulator.resetCounters()
        const outcomes = await tokensOf(times(10, () => podOf(emulator, redisStore(client), { lease: 1000 })))
        assert.equal(new Set(outcomes.map(({ result }) => result.token)).size, 1)
        assert.equal(emulator.counters.tokenRequests, 1)
      })

      test(`${name}: a blocked event loop costs time, and causes no failure`, async (t) => {
        const server = await startRedis()
        t.after(() => server.close())
        const { client, close } = await single[name](server.port)
        t.after(close)
        const pending = tokensOf(times(5, () => podOf(emulator, redisStore(client), { patience: 50 })))
        const end = performance.now() + 1000
        while (performance.now() < end);
        for (const { result, time } of await pending) {
          assert.ok(result.token.length > 100)
          assert.ok(time < 5000, `${time} ms`)
        }
      })
    }
  })
})
