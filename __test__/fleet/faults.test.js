// @ts-check
'use strict'

// Failures of a fleet's Redis, with the clients that the shorter test does not use.

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const { redisStore } = require('azure-client-token/redis')
const { startEmulator } = require('../../emulator')
const { missingRedis, startRedis } = require('../../scripts/redis/server')
const { claimsOf } = require('../support/claims')
const { podOf, times, tokensOf } = require('../support/fleet')
const { installClients, single } = require('../support/redis-clients')
const { PODS, faults } = require('../support/redis-faults')

const settings = { patience: 200, lease: 1000 }
/** Three commands that hang, the wait for a lease, and the time of twenty calls on this machine. */
const BOUND = 3 * settings.patience + settings.lease + 2000 + 3000

describe('pods get their tokens where Redis', { skip: missingRedis() }, () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  before(async () => { [emulator] = await Promise.all([startEmulator(), installClients()]) })
  after(() => emulator?.close())

  for (const name of ['valkey-glide', 'redis 6', 'ioredis 6']) {
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
