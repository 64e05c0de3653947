// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { getEventListeners } = require('node:events')
const { after, before, beforeEach, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../emulator')
const { getClientToken, clearCache } = require('..')
const { logIn } = require('./support/login')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator

before(async () => {
  emulator = await startEmulator()
})
after(() => emulator.close())

beforeEach(() => {
  logIn(emulator.environment())
  emulator.resetCounters()
  emulator.faults.clear()
})

test('a signal that is aborted already makes no request', async () => {
  const reason = new Error('too late')
  await assert.rejects(getClientToken({}, { signal: AbortSignal.abort(reason) }), reason)
  assert.equal(emulator.counters.requests, 0)
})

test('an abort ends the call at once, with the reason of the signal', async () => {
  emulator.faults.add({ delay: 5000 })
  const controller = new AbortController()
  const call = getClientToken({}, { signal: controller.signal })
  const reason = { any: 'value' }
  setTimeout(() => controller.abort(reason), 100)
  const start = Date.now()
  await assert.rejects(call, (error) => error === reason)
  assert.ok(Date.now() - start < 3000)
})

test('an abort ends that call only', async () => {
  emulator.faults.add({ delay: 500 })
  const controller = new AbortController()
  const [aborted, other] = [getClientToken({}, { signal: controller.signal }), getClientToken()]
  setTimeout(() => controller.abort(), 100)
  await assert.rejects(aborted, { name: 'AbortError' })
  assert.ok((await other).token)
  assert.equal(emulator.counters.tokenRequests, 1)
})

test('an abort ends the others after one of the calls on its signal has ended', async () => {
  const begun = delayed('api://slow')
  const controller = new AbortController()
  const slow = getClientToken({ endpoint: 'api://slow' }, { signal: controller.signal })
  await begun
  await getClientToken({ endpoint: 'api://quick' }, { signal: controller.signal })
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1)
  controller.abort()
  await assert.rejects(slow, { name: 'AbortError' })
})

test('200 calls end that one abort ends before the event loop goes on', async () => {
  const begun = delayed('api://slow')
  const controller = new AbortController()
  const calls = Array.from({ length: 200 }, () => getClientToken({ endpoint: 'api://slow' }, { signal: controller.signal }))
  await begun
  controller.abort()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  const ended = await Promise.race([Promise.allSettled(calls), sleep(5000, [], { ref: false })])
  assert.equal(ended.filter(({ status }) => status === 'rejected').length, 200)
})

test('200 calls on one signal are one listener, and print no warning', async (context) => {
  const warned = context.mock.fn()
  process.on('warning', warned)
  emulator.faults.add({ delay: 200 })
  const { signal } = new AbortController()
  const onabort = () => {}
  signal.onabort = onabort
  const calls = Array.from({ length: 200 }, (_, index) => getClientToken({ endpoint: `api://${index % 5}` }, { signal }))
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(getEventListeners(signal, 'abort').length, 2, "the user's own, and one of ours")
  await Promise.all(calls)
  assert.equal(getEventListeners(signal, 'abort').length, 1)
  assert.equal(signal.onabort, onabort)
  process.off('warning', warned)
  assert.equal(warned.mock.callCount(), 0)
})

test('a signal outlives its calls without a listener', async () => {
  const { signal } = new AbortController()
  for (let round = 0; round < 3; round++) {
    clearCache()
    await getClientToken({}, { signal })
    assert.equal(getEventListeners(signal, 'abort').length, 0)
  }
})

/**
 * Delays the answer to this resource's token request. Resolves when the request has arrived.
 * @param {string} resource
 */
function delayed(resource) {
  return new Promise((resolve) => {
    const when = (/** @type {import('../emulator/journal').RecordedRequest} */ { form }) => {
      const isMeant = form?.scope?.startsWith(resource) ?? false
      if (isMeant) resolve(undefined)
      return isMeant
    }
    emulator.faults.add({ delay: 5000, when })
  })
}
