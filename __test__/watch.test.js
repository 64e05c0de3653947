// @ts-check
'use strict'

// credential.watch() delivers the first token at once, and each renewed token when it arrives.

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const { once, EventEmitter } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { ClientTokenCredential, clearCache } = require('..')
const { startEmulator } = require('../emulator')
const { logIn } = require('./support/login')
const { run } = require('./support/run')

// The code waits through these timers, so that the test sees for how long.
const timers = require('../js/timers')
/** @type {unknown[]} */
const pauses = []
const { setTimeout: wait } = timers
timers.setTimeout = /** @type {typeof setTimeout} */ (/** @type {unknown} */ ((/** @type {() => void} */ then, /** @type {number} */ pause) => {
  pauses.push(pause)
  return wait(then, pause)
}))
const { watchToken } = require('../js/watch')

/** The time in seconds, this many seconds in the future. @param {number} seconds */
const ahead = (seconds) => Math.floor(Date.now() / 1000) + seconds

const SCOPE = 'https://redis.azure.com/.default'

/** A listener with a way to wait for its tokens and errors. */
function listener() {
  const events = new EventEmitter()
  return {
    /** @param {'token' | 'failure'} kind */
    next: async (kind) => (await once(events, kind))[0],
    /** @param {import('..').GetClientTokenResult} result */
    onToken: (result) => void events.emit('token', result),
    /** @param {Error} error */
    onError: (error) => void events.emit('failure', error),
  }
}

describe('a watch', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => {
    emulator = await startEmulator({ refreshIn: 1 })
  })
  beforeEach(() => {
    logIn(emulator.environment())
    emulator.faults.clear()
    pauses.length = 0
    emulator.resetCounters()
  })
  after(() => emulator.close())

  test('passes a token on at once, and the renewed one without a caller', async () => {
    const listening = listener()
    const watch = new ClientTokenCredential().watch(SCOPE, listening)
    try {
      const first = await listening.next('token')
      const second = await listening.next('token')
      assert.notEqual(first.token, second.token)
      assert.equal(first.objectId, second.objectId)
      assert.ok(Date.now() >= Number(first.refreshAfterTimestamp))
    } finally {
      watch.dispose()
    }
  })

  test('two watches lead to one request', async () => {
    const listening = [listener(), listener()]
    const credential = new ClientTokenCredential()
    const first = listening.map((one) => one.next('token'))
    const watches = listening.map((one) => credential.watch([SCOPE], one))
    const tokens = await Promise.all(first)
    for (const watch of watches) watch.dispose()
    assert.equal(tokens[0].token, tokens[1].token)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('reports a failure, and continues in half a minute', async () => {
    emulator.faults.add({ status: 401, body: { error: 'invalid_client' }, times: 1 })
    const listening = listener()
    const failure = listening.next('failure')
    const watch = new ClientTokenCredential().watch(SCOPE, listening)
    assert.equal((await failure).code, 'ERR_AUTHENTICATION')
    assert.deepEqual(pauses.splice(0), [30_000])
    watch.dispose()
  })

  test('waits as long as the service asks', async () => {
    const listening = listener()
    const failure = listening.next('failure')
    const { dispose } = watchToken(() => Promise.reject(Object.assign(new Error(), { retryAfter: 90_000 })), listening)
    await failure
    assert.deepEqual(pauses.splice(0), [90_000])
    dispose()
  })

  test('checks once a minute, and more often while a new token is due', async () => {
    const now = Date.now()
    for (const [due, pause] of [[now + 3_600_000, 60_000], [now - 1, 250]]) {
      const listening = listener()
      const token = listening.next('token')
      const result = { token: 'a', tokenType: /** @type {const} */ ('Bearer'), source: /** @type {const} */ ('command'), expiresOnTimestamp: now + 7_200_000, refreshAfterTimestamp: due }
      const { dispose } = watchToken(async () => result, listening)
      await token
      assert.deepEqual(pauses.splice(0), [pause])
      dispose()
    }
  })

  test('that was disposed of, or whose signal is aborted, reports nothing', async () => {
    const told = (/** @type {AbortSignal | undefined} */ signal) => {
      /** @type {unknown[]} */
      const calls = []
      const watch = new ClientTokenCredential().watch(SCOPE, { onToken: (result) => calls.push(result), onError: (error) => calls.push(error), signal })
      return { calls, watch }
    }
    const controller = new AbortController()
    const [disposed, aborted, late] = [told(undefined), told(controller.signal), told(AbortSignal.abort())]
    const { dispose } = disposed.watch
    dispose()
    dispose()
    controller.abort()
    await new ClientTokenCredential().getToken(SCOPE)
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual([disposed.calls, aborted.calls, late.calls], [[], [], []])
  })

  test('passes on no renewed token of another identity than expect names, but reports it', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'watch-'))
    const mine = randomUUID()
    const jwt = (/** @type {string} */ oid, /** @type {number} */ exp) => `e30.${Buffer.from(JSON.stringify({ oid, exp })).toString('base64url')}.s`
    const printed = path.join(folder, 'token')
    fs.writeFileSync(printed, jwt(mine, ahead(3)))
    /** @type {string[]} */
    const handedOver = []
    const { next, ...listening } = listener()
    const failure = next('failure')
    const credential = new ClientTokenCredential({ credential: 'command', program: '/bin/cat', arguments: [printed], expect: { objectId: mine } })
    const first = next('token')
    const watch = credential.watch(SCOPE, { onError: listening.onError, onToken: (result) => {
      handedOver.push(String(result.objectId))
      listening.onToken(result)
    } })
    try {
      await first
      fs.writeFileSync(printed, jwt(randomUUID(), ahead(3600)))
      const { code, found } = await failure
      assert.deepEqual([code, handedOver], ['ERR_UNEXPECTED_IDENTITY', [mine]])
      assert.notEqual(found.objectId, mine)
    } finally {
      watch.dispose()
      fs.rmSync(folder, { recursive: true })
    }
  })

  test('does not keep the process alive', async () => {
    const program = `
      const { ClientTokenCredential } = require('.')
      new ClientTokenCredential().watch('${SCOPE}', { onToken: ({ source }) => console.log(source) })`
    const { stdout, code } = await run(program, { environment: emulator.environment() })
    assert.deepEqual([stdout.trim(), code], ['clientSecret', 0])
  })

  test('refuses scopes and listeners of a wrong type', () => {
    const credential = /** @type {any} */ (new ClientTokenCredential())
    const onToken = () => {}
    assert.throws(() => credential.watch(1, { onToken }), /^TypeError: scopes must be/)
    assert.throws(() => credential.watch(SCOPE), /^TypeError: listener must be an object with a function onToken/)
    assert.throws(() => credential.watch(SCOPE, {}), /^TypeError: listener\.onToken must be a function/)
    assert.throws(() => credential.watch(SCOPE, { onToken, onError: 1 }), /^TypeError: listener\.onError must be a function/)
    assert.throws(() => credential.watch(SCOPE, { onToken, signal: {} }), /^TypeError: listener\.signal must be an AbortSignal/)
    clearCache()
  })
})
