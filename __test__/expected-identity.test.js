// @ts-check
'use strict'

// The identity of a token: objectId and clientId in the result, and the option `expect`.

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const { after, before, beforeEach, test } = require('node:test')
const { ClientTokenCredential, UnexpectedIdentityError } = require('..')
const { startEmulator } = require('../emulator')
const { claimsOf } = require('./support/claims')
const { logIn } = require('./support/login')

/** @typedef {import('..').ClientTokenOptions} Options */

const SCOPE = 'https://graph.microsoft.com/.default'

/** @type {import('../emulator').Emulator} */
let emulator
before(async () => {
  emulator = await startEmulator()
})
beforeEach(() => {
  logIn(emulator.environment())
  emulator.resetCounters()
})
after(() => emulator.close())

/** @param {import('..').ExpectedIdentity} [expect] */
function credentialThatExpects(expect) {
  const { tenantId, clientId, clientSecret, authorityHost } = emulator
  return new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, expect })
}

test('a result has the ids in its token', async () => {
  const { token, clientId, objectId } = await credentialThatExpects().getToken(SCOPE)
  assert.deepEqual([clientId, objectId], [emulator.clientId, claimsOf(token).oid])
  assert.match(String(objectId), /^[0-9a-f-]{36}$/)
})

test('a token of the expected identity is returned, and cached', async () => {
  const { objectId } = await credentialThatExpects().getToken(SCOPE)
  const credential = credentialThatExpects({ tenantId: emulator.tenantId.toUpperCase(), clientId: emulator.clientId, objectId })
  const { token } = await credential.getToken(SCOPE)
  assert.equal((await credential.getToken(SCOPE)).token, token)
  assert.equal(emulator.counters.tokenRequests, 2, 'one for each guard')
})

test('any other token is refused, even if one is cached without the check', async () => {
  await credentialThatExpects().getToken(SCOPE)
  const tenantId = randomUUID()
  const credential = credentialThatExpects({ tenantId })
  await assert.rejects(credential.getToken(SCOPE), (error) => {
    assert.ok(error instanceof UnexpectedIdentityError)
    const { name, code, retryable, expected, found, attempts } = error
    assert.deepEqual([name, code, retryable, expected], ['UnexpectedIdentityError', 'ERR_UNEXPECTED_IDENTITY', false, { tenantId }])
    assert.deepEqual([found.tenantId, found.clientId], [emulator.tenantId, emulator.clientId])
    assert.deepEqual(attempts.map(({ source, outcome }) => [source, outcome]), [['clientSecret', 'failed']])
    return true
  })
  const { error } = await credential.explain({ endpoint: 'https://graph.microsoft.com' })
  assert.equal(error?.code, 'ERR_UNEXPECTED_IDENTITY')
})

test('an expected identity of the wrong type, without an id or with a misspelt one is refused at once', () => {
  assert.throws(() => credentialThatExpects(/** @type {any} */ ('tenant')), /^TypeError: options\.expect must be an object/)
  assert.throws(() => credentialThatExpects(/** @type {any} */ ({ tenantId: 1 })), /^TypeError: options\.expect\.tenantId must be a string/)
  for (const [expect, setting] of /** @type {[any, string][]} */ ([
    [{}, 'expect'],
    [{ tenantId: undefined }, 'expect'],
    [{ tenantId: 'contoso.com' }, 'expect.tenantId'],
    [{ tenant: emulator.tenantId }, 'expect.tenant'],
  ])) {
    assert.throws(() => credentialThatExpects(expect), { code: 'ERR_CONFIGURATION', settings: [setting] })
  }
})
