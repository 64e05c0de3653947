// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const path = require('node:path')
const { after, afterEach, before, beforeEach, describe, test } = require('node:test')
const { setTimeout: later } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { startEmulator } = require('../emulator')
const { binding } = require('../js/binding')
const { getClientToken, clearCache } = require('..')
const { claimsOf } = require('./support/claims')
const { logIn } = require('./support/login')

/** Longer than another thread may use a token that was cleared. */
const A_SECOND = 1100

/** The number of simultaneous requests to one host. */
const MOST_CONNECTIONS = 48

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

/**
 * Makes the service answer once with other times than usual.
 * @param {{ expires_in: number, refresh_in?: number }} times in seconds
 */
function answerOnce(times) {
  emulator.faults.add({ status: 200, body: { access_token: 'a.b.c', token_type: 'Bearer', ...times }, times: 1 })
}

/**
 * @template T
 * @param {number} count
 * @param {(index: number) => Promise<T>} call
 */
const atOnce = (count, call) => Promise.all(Array.from({ length: count }, (_, index) => call(index)))

const requests = () => emulator.counters.requests

describe('calls at the same time', () => {
  test('are one native call and one request, for a thousand first calls', async (context) => {
    const native = context.mock.method(binding(), 'getClientToken')
    const results = await atOnce(1000, () => getClientToken())
    assert.equal(new Set(results).size, 1)
    assert.equal(native.mock.callCount(), 1)
    assert.equal(requests(), 1)
  })

  test('share a refusal: 200 rejections, one request', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    clearCache()
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => getClientToken({})))
    const reasons = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
    assert.deepEqual(new Set(reasons), new Set(['ERR_AUTHENTICATION']))
    assert.equal(requests(), 1)
  })

  test('share a refusal whatever signals and timeouts they have', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    clearCache()
    const { signal } = new AbortController()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => getClientToken({}, index % 2 ? { signal } : { timeout: 30_000 + index })),
    )
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    assert.equal(requests(), 1)
  })

  test('that force a refresh share a refusal, and the next one asks at once', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    clearCache()
    const forced = () => getClientToken({}, { forceRefresh: true })
    const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, forced))
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    assert.equal(requests(), 1)
    await assert.rejects(forced())
    assert.equal(requests(), 2)
  })

  test('lose only the aborted one', async () => {
    emulator.faults.add({ delay: 300, times: 1 })
    const controller = new AbortController()
    const aborted = getClientToken({}, { signal: controller.signal })
    const others = atOnce(100, () => getClientToken())
    setTimeout(() => controller.abort(), 50)
    await assert.rejects(aborted, { name: 'AbortError' })
    assert.equal((await others).length, 100)
    assert.equal(requests(), 1)
  })

  test('lose only the one whose time has ended', async () => {
    emulator.faults.add({ delay: 300, times: 1 })
    const hasty = assert.rejects(getClientToken({}, { timeout: 50 }), { code: 'ERR_TIMEOUT' })
    const [other] = await Promise.all([getClientToken({}, { timeout: 20_000 }), hasty])
    assert.ok(other.token)
    assert.equal(requests(), 1)
  })

  test('for as many scopes get as many tokens, over a limited number of connections', async () => {
    const results = await atOnce(300, (index) => getClientToken({ endpoint: `api://${index}` }))
    assert.equal(new Set(results.map(({ token }) => token)).size, 300)
    assert.equal(requests(), 300)
    assert.ok(emulator.counters.connections <= MOST_CONNECTIONS, `${emulator.counters.connections} connections`)
  })
})

describe('connections', () => {
  test('resume the session of an earlier one', async () => {
    const another = await startEmulator()
    try {
      logIn(another.environment())
      await getClientToken()
      await atOnce(8, (index) => getClientToken({ endpoint: `api://resumed-${index}` }))
      const { connections, resumedSessions } = another.counters
      assert.ok(connections > 1 && resumedSessions > 0, `${resumedSessions} of ${connections} are resumed`)
    } finally {
      await another.close()
    }
  })

  test('count the wait for one against the timeout', async () => {
    emulator.faults.add({ delay: 1500 })
    const others = atOnce(MOST_CONNECTIONS, (index) => getClientToken({ endpoint: `api://connection-${index}` }))
    await later(300)
    const start = performance.now()
    await assert.rejects(getClientToken({ endpoint: 'api://waits' }, { timeout: 200 }), { code: 'ERR_TIMEOUT' })
    assert.ok(performance.now() - start < 1100, 'it waited for a connection, and its timeout did not run')
    await others
    assert.equal(requests(), MOST_CONNECTIONS, 'a request was sent for a call that had timed out')
  })
})

describe('the event loop', () => {
  /**
   * Counts the promises that settle in each turn of the event loop, until the work has ended.
   * @param {(happened: () => void) => Promise<unknown>} work
   */
  async function mostInATurn(work) {
    let [most, count, ended] = [0, 0, false]
    const turn = () => {
      most = Math.max(most, count)
      count = 0
      if (!ended) setImmediate(turn)
    }
    turn()
    await work(() => (count += 1))
    ended = true
    return Math.max(most, count)
  }

  test('gets turns between the calls, when a thousand are made at once', async (context) => {
    const { getClientToken: native } = binding()
    const most = await mostInATurn((called) => {
      context.mock.method(binding(), 'getClientToken', (/** @type {any} */ args, /** @type {any} */ opts) => {
        called()
        return native(args, opts)
      })
      return atOnce(300, (index) => getClientToken({ endpoint: `api://turns-${index}` }))
    })
    assert.ok(most > 0 && most <= 64, `${most} in a turn`)
    assert.equal(requests(), 300)
  })

  test('gets turns between their ends, when they end at once', async () => {
    emulator.faults.add({ delay: 300, times: 1 })
    const most = await mostInATurn((ended) =>
      atOnce(300, (index) => getClientToken({}, { timeout: 30_000 + index }).then(ended)))
    // One batch when the outcomes arrive, and others before and after the count in the rest of that turn.
    assert.ok(most > 0 && most <= 3 * 64, `${most} in a turn`)
    assert.equal(requests(), 1)
  })
})

describe('a cached token', () => {
  test('is one frozen object, and needs no native call except one check each second', async (context) => {
    const asked = await getClientToken()
    const first = await getClientToken()
    assert.deepEqual(first, { ...asked, cachedIn: 'memory' }, 'cachedIn reports the cache')
    const native = context.mock.method(binding(), 'getClientToken')
    const looks = context.mock.method(binding(), 'trust')
    const start = performance.now()
    for (let round = 0; round < 20_000; round++) assert.equal(await getClientToken(), first)
    const seconds = (performance.now() - start) / 1000
    assert.ok(Object.isFrozen(first))
    assert.equal(native.mock.callCount(), 0)
    assert.ok(looks.mock.callCount() <= seconds + 1, `${looks.mock.callCount()} checks in ${seconds} s`)
  })

  test('is found by its endpoint, its scope, and its scopes in any order', async () => {
    const endpoint = 'https://graph.microsoft.com'
    const { token } = await getClientToken({ endpoint })
    assert.equal((await getClientToken({ endpoint: `${endpoint}/.default` })).token, token)
    assert.equal((await getClientToken({}, { scopes: `${endpoint}/.default` })).token, token)
    assert.equal((await getClientToken({}, { scopes: [`${endpoint}/.default`] })).token, token)
    assert.equal(requests(), 1)
    const scopes = ['api://a/.default', 'api://b/.default']
    emulator.faults.add({ status: 200, body: { access_token: 'a.b.c', expires_in: 3600 }, times: 1 })
    const first = await getClientToken({}, { scopes })
    assert.equal((await getClientToken({}, { scopes: [...scopes].reverse() })).token, first.token)
    assert.equal(requests(), 2)
  })

  test('is never handed out for another endpoint, tenant or claim', async () => {
    /** @type {[object, object][]} */
    const calls = [
      [{}, {}],
      [{ endpoint: 'api://a' }, {}],
      [{ endpoint: 'api://a/' }, {}],
      [{}, { claims: '{"access_token":{"nbf":{"value":"1"}}}' }],
      [{}, { claims: '{"access_token":{"nbf":{"value":"2"}}}' }],
      [{}, { enableCae: true }],
    ]
    const first = await Promise.all(calls.map(([args, opts]) => getClientToken(args, opts)))
    assert.equal(new Set(first.map(({ token }) => token)).size, calls.length)
    const second = await Promise.all(calls.map(([args, opts]) => getClientToken(args, opts)))
    assert.deepEqual(second.map(({ token }) => token), first.map(({ token }) => token))
    assert.equal(requests(), calls.length)
  })

  test('does not skip the checks of a call', async () => {
    await getClientToken()
    // @ts-expect-error: the test passes wrong types
    for (const args of ['x', [], 5, { endpoint: 5 }]) await assert.rejects(getClientToken(args), TypeError)
    await assert.rejects(getClientToken({}, { signal: AbortSignal.abort() }), { name: 'AbortError' })
    await assert.rejects(getClientToken({}, { provider: {} }), { code: 'ERR_CONFIGURATION' })
  })

  test('is not handed out once it has expired', async () => {
    answerOnce({ expires_in: 2 })
    assert.equal((await getClientToken()).token, 'a.b.c')
    await later(2100)
    assert.notEqual((await getClientToken()).token, 'a.b.c')
    assert.equal(requests(), 2)
  })

  test('is checked again when the clock is set', async (context) => {
    await getClientToken()
    const first = await getClientToken()
    const looks = context.mock.method(binding(), 'trust')
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 86_400_000 })
    assert.equal(await getClientToken(), first, 'the native clock was not set')
    assert.equal(looks.mock.callCount(), 1)
    context.mock.timers.setTime(1000)
    await later(1)
    await getClientToken()
    context.mock.timers.reset()
  })

  test('is checked again after a second, even if the clock stands still', async (context) => {
    await getClientToken()
    await getClientToken()
    const looks = context.mock.method(binding(), 'trust')
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    await getClientToken()
    assert.equal(looks.mock.callCount(), 0)
    await later(A_SECOND)
    await getClientToken()
    assert.equal(looks.mock.callCount(), 1)
    context.mock.timers.reset()
  })

  test('is replaced by the one that a forced call gets', async () => {
    const old = await getClientToken()
    const forced = await getClientToken({}, { forceRefresh: true })
    assert.notEqual(forced.token, old.token)
    assert.equal((await getClientToken()).token, forced.token)
  })
})

describe('a refresh', () => {
  test('that is due runs behind a call, which gets its token at once', async () => {
    answerOnce({ expires_in: 3600, refresh_in: 1 })
    const old = await getClientToken()
    await later(1100)
    emulator.faults.add({ delay: 5000, times: 1 })
    const start = performance.now()
    for (let round = 0; round < 100; round++) assert.equal((await getClientToken()).token, old.token)
    assert.ok(performance.now() - start < 2500, 'a call waited for the service')
    await later(6200)
    assert.notEqual((await getClientToken()).token, old.token)
    assert.equal(requests(), 2)
  })

  test('that fails leaves the token, and is not repeated for a while', async () => {
    answerOnce({ expires_in: 3600, refresh_in: 1 })
    const old = await getClientToken()
    await later(1100)
    emulator.faults.add({ status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: no' } })
    for (let round = 0; round < 15; round++) {
      assert.equal((await getClientToken()).token, old.token)
      await later(100)
    }
    assert.equal(requests(), 2)
  })

  test('time is a property of every token', async () => {
    // Exactly two hours, from which half a life counts: a part of them is over when it arrives.
    answerOnce({ expires_in: 7200 })
    const { refreshAfterTimestamp = 0, expiresOnTimestamp } = await getClientToken()
    assert.ok(Math.abs((expiresOnTimestamp - refreshAfterTimestamp) / 1000 - 3600) < 5)
  })
})

describe('a failure', () => {
  test('is remembered for a moment only', async () => {
    emulator.faults.add({ status: 401, body: { error: 'invalid_client' }, times: 1 })
    for (let round = 0; round < 10; round++) await assert.rejects(getClientToken(), { code: 'ERR_AUTHENTICATION' })
    assert.equal(requests(), 1)
    await later(300)
    assert.ok((await getClientToken()).token)
  })
})

describe('clearing', () => {
  test('takes effect at once in its own thread, even on running calls', async () => {
    emulator.faults.add({ delay: 200, times: 1 })
    const before = getClientToken()
    await later(50)
    clearCache()
    const afterwards = await getClientToken()
    assert.notEqual((await before).token, afterwards.token)
    assert.equal((await getClientToken()).token, afterwards.token)
    clearCache()
    assert.notEqual((await getClientToken()).token, afterwards.token)
  })
})

describe('threads', () => {
  /** @type {Worker} */
  let worker

  /**
   * The outcome of a call, or of clearing the cache, in the worker.
   * @param {'token' | 'new token' | 'clear'} wish
   * @returns {Promise<string>}
   */
  async function inWorker(wish) {
    worker.postMessage(wish)
    return (await once(worker, 'message'))[0]
  }

  beforeEach(() => {
    worker = new Worker(path.join(__dirname, 'support', 'token-worker.js'))
  })
  afterEach(() => worker.terminate())

  test('share the cache', async () => {
    const { token } = await getClientToken()
    assert.equal(await inWorker('token'), token)
    assert.equal(requests(), 1)
  })

  test('see within a second that another one cleared it', async () => {
    const { token } = await getClientToken()
    await getClientToken()
    await inWorker('clear')
    await later(A_SECOND)
    assert.notEqual((await getClientToken()).token, token)
  })

  test('read their settings again when another one cleared it', async () => {
    await getClientToken()
    await inWorker('token')
    process.env.ARM_CLIENT_SECRET = 'wrong'
    await inWorker('clear')
    await later(A_SECOND)
    await assert.rejects(getClientToken(), { code: 'ERR_AUTHENTICATION' })
  })

  test('see within a second that another one has a newer token', async () => {
    await getClientToken()
    const newer = await inWorker('new token')
    await later(A_SECOND)
    const { token } = await getClientToken()
    assert.equal(token, newer)
    assert.equal(claimsOf(token).tid, emulator.tenantId)
    assert.equal(requests(), 2)
  })
})
