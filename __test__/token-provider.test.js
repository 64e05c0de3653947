// @ts-check
'use strict'

// getBearerTokenProvider of the main entry: tokens of this package's credentials, of the login context, and of other credentials.

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const { ClientTokenCredential, clearCache, getBearerTokenProvider } = require('..')
const { startEmulator } = require('../emulator')
const { logIn } = require('./support/login')

const SCOPE = 'https://graph.microsoft.com/.default'
const HOUR = 3_600_000

/**
 * Another package's credential, without a cache; each token contains its number.
 * @param {(call: number) => object | Promise<object>} times
 */
function otherCredential(times) {
  /** @type {{ scopes: unknown, options: any }[]} */
  const calls = []
  return {
    calls,
    /** @param {unknown} scopes @param {unknown} [options] @returns {Promise<any>} */
    async getToken(scopes, options) {
      calls.push({ scopes, options })
      return { token: `token ${calls.length}`, ...(await times(calls.length)) }
    },
  }
}

describe('a token provider of the login context, or of a credential of this package', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => {
    emulator = await startEmulator()
    logIn(emulator.environment())
  })
  beforeEach(() => {
    clearCache()
    emulator.resetCounters()
  })
  after(() => emulator.close())

  test('without a credential uses the login context, for the scope', async () => {
    const { decodeJwt } = await import('jose')
    const claims = decodeJwt(await getBearerTokenProvider(SCOPE)())
    assert.deepEqual([claims.aud, claims.appid], ['https://graph.microsoft.com', emulator.clientId])
  })

  test('accepts a list of scopes as well', async () => {
    assert.match(await getBearerTokenProvider([SCOPE])(), /^ey/)
  })

  test('with a credential uses that one, and follows its cache', async () => {
    const { tenantId, clientId, clientSecret, authorityHost } = emulator
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost })
    const provide = getBearerTokenProvider(credential, SCOPE)
    const first = await provide()
    assert.equal(await provide(), first)
    assert.equal(emulator.counters.tokenRequests, 1)
    clearCache()
    assert.notEqual(await provide(), first)
  })

  test('is also made by the credential\'s own method, and belongs to its credential', async () => {
    const { tenantId, clientId, clientSecret, authorityHost } = emulator
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost })
    const provide = credential.getBearerTokenProvider(SCOPE)
    assert.equal(await provide(), await getBearerTokenProvider(credential, SCOPE)())
    await assert.rejects(credential.getBearerTokenProvider(SCOPE, { abortSignal: AbortSignal.abort(new Error('enough')) })(), /enough/)
    assert.throws(() => credential.getBearerTokenProvider(/** @type {any} */ (1)), /^TypeError: scopes must be a string or an array of strings/)
    const { getBearerTokenProvider: alone } = credential
    assert.throws(() => alone(SCOPE), /^TypeError: getBearerTokenProvider was called without its ClientTokenCredential/)
  })

  test('a signal that is aborted ends its calls', async () => {
    const abortSignal = AbortSignal.abort(new Error('enough'))
    await assert.rejects(getBearerTokenProvider(SCOPE, { abortSignal })(), /enough/)
    assert.equal(emulator.counters.tokenRequests, 0)
  })

  test('an invalid credential, scopes or options are a TypeError at once', () => {
    assert.throws(() => getBearerTokenProvider(/** @type {any} */ ({}), SCOPE), /^TypeError: credential must be an object with a getToken method/)
    assert.throws(() => getBearerTokenProvider(new ClientTokenCredential(), /** @type {any} */ (1)), /^TypeError: scopes must be a string or an array of strings/)
    assert.throws(() => getBearerTokenProvider(/** @type {any} */ (undefined)), TypeError)
    assert.throws(() => getBearerTokenProvider(SCOPE, /** @type {any} */ (new AbortController().signal)), /^TypeError: options must be an object; it is an AbortSignal/)
  })
})

describe('a token provider of another package\'s credential', () => {
  test('keeps the token, and asks once for all concurrent calls', async () => {
    const credential = otherCredential(() => ({ expiresOnTimestamp: Date.now() + HOUR }))
    const provide = getBearerTokenProvider(credential, SCOPE)
    assert.deepEqual(await Promise.all([provide(), provide(), provide()]), ['token 1', 'token 1', 'token 1'])
    assert.equal(await provide(), 'token 1')
    assert.equal(credential.calls.length, 1)
  })

  test('passes the signal and the tracing on', async () => {
    const credential = otherCredential(() => ({ expiresOnTimestamp: Date.now() + HOUR }))
    const options = { abortSignal: new AbortController().signal, tracingOptions: {} }
    await getBearerTokenProvider(credential, SCOPE, options)()
    assert.deepEqual(credential.calls, [{ scopes: SCOPE, options }])
  })

  test('renews a token that ends within two minutes, or is due, in the background', async () => {
    for (const due of [{ expiresOnTimestamp: Date.now() + 60_000 }, { expiresOnTimestamp: Date.now() + HOUR, refreshAfterTimestamp: Date.now() - 1 }]) {
      const credential = otherCredential((call) => (call === 1 ? due : { expiresOnTimestamp: Date.now() + HOUR }))
      const provide = getBearerTokenProvider(credential, SCOPE)
      assert.deepEqual([await provide(), await provide()], ['token 1', 'token 1'])
      await new Promise(setImmediate)
      assert.equal(await provide(), 'token 2')
      assert.equal(credential.calls.length, 2)
    }
  })

  test('waits for a new one if the old one has ended', async () => {
    const provide = getBearerTokenProvider(otherCredential(() => ({ expiresOnTimestamp: Date.now() - 1 })), SCOPE)
    assert.deepEqual([await provide(), await provide()], ['token 1', 'token 2'])
  })

  test('keeps the token after a failed renewal, and does not begin another at once', async () => {
    const credential = otherCredential((call) => (call === 1 ? { expiresOnTimestamp: Date.now() + 60_000 } : Promise.reject(new Error('later'))))
    const provide = getBearerTokenProvider(credential, SCOPE)
    for (let call = 0; call < 5; call += 1) {
      assert.equal(await provide(), 'token 1')
      await new Promise(setImmediate)
    }
    assert.equal(credential.calls.length, 2)
  })

  test('rejects with the credential\'s own reason, and asks again', async () => {
    const reason = new Error('mine')
    const credential = otherCredential((call) => (call === 1 ? Promise.reject(reason) : { expiresOnTimestamp: Date.now() + HOUR }))
    const provide = getBearerTokenProvider(credential, SCOPE)
    await assert.rejects(provide(), (error) => error === reason)
    assert.equal(await provide(), 'token 2')
  })

  test('rejects if there is no token', async () => {
    await assert.rejects(getBearerTokenProvider({ getToken: async () => null }, SCOPE)(), /returned no token/)
  })
})
