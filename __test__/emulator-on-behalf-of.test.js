// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { askForToken } = require('./support/token-requests')

const SCOPE = 'https://graph.microsoft.com/User.Read'

describe('the on-behalf-of grant', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => void (emulator = await startEmulator()))
  after(() => emulator.close())

  /**
   * @param {string | undefined} assertion
   * @param {Record<string, string | undefined>} [changes]
   */
  const exchange = (assertion, changes = {}) =>
    askForToken(emulator, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      scope: SCOPE,
      assertion,
      ...changes
    })

  test("exchanges a user's token for one of another resource, for the same user", async () => {
    const { decodeJwt } = await import('jose')
    const assertion = emulator.issueUserToken({ user: 'anyone@contoso.example' })
    const { status, json } = await exchange(assertion)
    assert.deepEqual([status, json.scope], [200, SCOPE])
    const [user, claims] = [decodeJwt(assertion), decodeJwt(json.access_token)]
    assert.deepEqual([claims.aud, claims.scp, claims.upn], ['https://graph.microsoft.com', 'User.Read', 'anyone@contoso.example'])
    assert.deepEqual([claims.oid, claims.appid], [user.oid, emulator.clientId])
    assert.notEqual(decodeJwt(emulator.issueUserToken({ user: 'other@contoso.example' })).oid, user.oid)
  })

  test('accepts /.default and several scopes of one resource', async () => {
    const { decodeJwt } = await import('jose')
    const scopeOf = async (/** @type {string} */ scope) =>
      decodeJwt((await exchange(emulator.issueUserToken(), { scope })).json.access_token).scp
    assert.equal(await scopeOf('https://graph.microsoft.com/.default openid'), 'user_impersonation')
    assert.equal(await scopeOf(`${SCOPE} https://graph.microsoft.com/Mail.Read`), 'User.Read Mail.Read')
  })

  /** @type {[string, () => ReturnType<typeof exchange>, number, number][]} */
  const REFUSALS = [
    ['no assertion', () => exchange(undefined), 400, 900144],
    ['no use', () => exchange(emulator.issueUserToken(), { requested_token_use: undefined }), 400, 900144],
    ['another use', () => exchange(emulator.issueUserToken(), { requested_token_use: 'other' }), 400, 70003],
    ['a wrong secret', () => exchange(emulator.issueUserToken(), { client_secret: 'wrong' }), 401, 7000215],
    ['a token for another application', () => exchange(emulator.issueUserToken({ audience: 'api://x' })), 400, 500131],
    ['a token that has expired', () => exchange(emulator.issueUserToken({ lifetime: -5 })), 400, 500133],
    ['a token that another key has signed', () => exchange(tamperedWith(emulator.issueUserToken())), 400, 50013],
    ['no resource', () => exchange(emulator.issueUserToken(), { scope: 'openid' }), 400, 70011],
    ['two resources', () => exchange(emulator.issueUserToken(), { scope: `${SCOPE} api://a/b` }), 400, 700022]
  ]
  for (const [what, ask, status, code] of REFUSALS) {
    test(`refuses ${what}: AADSTS${code}`, async () => {
      const answer = await ask()
      assert.equal(answer.status, status)
      assert.deepEqual(answer.json.error_codes, [code])
    })
  }

  test("refuses an application's own token", async () => {
    const { json } = await askForToken(emulator, { scope: `${emulator.clientId}/.default` })
    assert.deepEqual((await exchange(json.access_token)).json.error_codes, [240002])
  })

  /** @param {string} token */
  function tamperedWith(token) {
    const [header, claims, signature] = token.split('.')
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), upn: 'admin@contoso.example' }
    return [header, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.')
  }
})
