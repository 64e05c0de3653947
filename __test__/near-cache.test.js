// @ts-check
'use strict'

// Which calls the near cache answers. A stand-in replaces native code; its token is the request that it received.

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { binding } = require('../js/binding')
const { clearCache, getClientToken, ClientTokenCredential } = require('..')
const { logIn } = require('./support/login')

/**
 * The values of each part of a request. Some look like two parts, or like an absent part.
 * @type {{ endpoint: any[], scopes: any[], tenantId: any[], claims: any[], enableCae: any[] }}
 */
const VALUES = {
  endpoint: [undefined, 'api://a', 'api://b', '-'],
  scopes: [undefined, 'api://a/read', ['api://a/read', 'api://a/write'], ['api://a/write', '1:-'], ['1:-api://a/write']],
  tenantId: [undefined, 'one', 'two', '-'],
  claims: [undefined, '{}', 'one', '3:one'],
  enableCae: [undefined, true],
}

/** @typedef {{ [part: string]: any }} Question */

/** Every combination of the values. @returns {Question[]} */
function questions() {
  return Object.entries(VALUES).reduce(
    (/** @type {Question[]} */ all, [part, values]) => all.flatMap((question) => values.map((value) => ({ ...question, [part]: value }))),
    [{}],
  )
}

/** @param {Question} question */
function textOf({ endpoint, scopes, tenantId, claims, enableCae }) {
  return JSON.stringify([endpoint ?? null, scopes === undefined ? null : [scopes].flat().sort(), tenantId ?? null, claims ?? null, enableCae ?? null])
}

/** @param {Question} question */
function inAnotherOrder({ scopes, ...others }) {
  return { ...others, scopes: Array.isArray(scopes) ? [...scopes].reverse() : scopes === undefined ? undefined : [scopes] }
}

/** @param {Question} question */
function ask({ endpoint, ...opts }) {
  return getClientToken({ endpoint }, opts)
}

/** @param {import('node:test').TestContext} t */
function standIn(t) {
  logIn({ ARM_TENANT_ID: 't', ARM_CLIENT_ID: 'c', ARM_CLIENT_SECRET: 's' })
  t.mock.method(binding(), 'trust', () => 60_000)
  return t.mock.method(binding(), 'getClientToken', async (/** @type {any} */ args, /** @type {any} */ opts) => ({
    kind: 'token', token: textOf({ ...opts, endpoint: args.endpoint || undefined }), expiresOnTimestamp: Date.now() + 3_600_000, lease: 1,
  }))
}

describe('a cached token', () => {
  test('answers the same request, and no other one', async (t) => {
    const all = questions()
    const native = standIn(t)
    assert.equal(new Set(all.map(textOf)).size, all.length)
    for (const question of all) assert.equal((await ask(question)).token, textOf(question))
    assert.equal(native.mock.callCount(), all.length)
    for (const question of all.reverse()) assert.equal((await ask(inAnotherOrder(question))).token, textOf(question))
    assert.equal(native.mock.callCount(), all.length, 'the same request was made twice')
  })

  test('of a credential answers the same scopes, tenant and claims, and no others', async (t) => {
    const all = questions().filter(({ endpoint, scopes }) => endpoint === undefined && scopes !== undefined)
    const native = standIn(t)
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId: 't', clientId: 'c', clientSecret: 's' })
    for (const round of [all, all.map(inAnotherOrder)]) {
      for (const { scopes, ...options } of round) {
        assert.equal((await credential.getToken(scopes, options)).token, textOf({ scopes, ...options }))
      }
      assert.equal(native.mock.callCount(), all.length)
    }
  })

  describe('after clearCache(), a token', () => {
    const scope = 'https://vault.azure.net/.default'
    const explicit = () => new ClientTokenCredential({ credential: 'clientSecret', tenantId: 't', clientId: 'c', clientSecret: 's' })

    test('is requested again', async (t) => {
      const native = standIn(t)
      const credential = explicit()
      await credential.getToken(scope)
      await credential.getToken(scope)
      assert.equal(native.mock.callCount(), 1)
      clearCache()
      await credential.getToken(scope)
      assert.equal(native.mock.callCount(), 2)
    })

    test('is not kept if it was requested before', async (t) => {
      const native = standIn(t)
      const credential = explicit()
      const before = credential.getToken(scope)
      clearCache()
      await before
      await credential.getToken(scope)
      assert.equal(native.mock.callCount(), 2)
    })

    test('does not come from a call that began before', async (t) => {
      const native = standIn(t)
      const credential = explicit()
      const before = credential.getToken(scope)
      clearCache()
      await Promise.all([before, credential.getToken(scope)])
      assert.equal(native.mock.callCount(), 2)
    })
  })

  test('does not answer a call that forces a refresh, nor does another call', async (t) => {
    const native = standIn(t)
    await Promise.all([ask({}), ask({}), getClientToken({}, { forceRefresh: true })])
    assert.equal(native.mock.callCount(), 2)
    await getClientToken({}, { forceRefresh: true })
    assert.equal(native.mock.callCount(), 3)
  })

  test('is not given to a call whose signal is aborted', async (t) => {
    standIn(t)
    const reason = new Error('enough')
    await ask({})
    await assert.rejects(getClientToken({}, { signal: AbortSignal.abort(reason) }), reason)
  })
})
