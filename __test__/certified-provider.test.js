// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const { after, before, beforeEach, describe, test } = require('node:test')
const { getClientToken, AuthenticationError } = require('..')
const { claimsOf } = require('./support/claims')
const { logIn } = require('./support/login')
const { startOidcProvider } = require('./support/oidc-provider')

// An independent server verifies the addon's requests: oidc-provider, a certified OpenID provider.

describe('a certified provider', () => {
  const client = { tenantId: randomUUID(), clientId: randomUUID(), clientSecret: 'a~secret+with/=& %characters' }
  /** @type {Awaited<ReturnType<typeof startOidcProvider>>} */
  let provider

  before(async () => {
    provider = await startOidcProvider(client)
  })
  after(() => provider.close())
  beforeEach(() => logIn(provider.environment()))

  test('accepts the request with a client secret', async () => {
    const { token, tenantId } = await getClientToken()
    const claims = claimsOf(token)
    assert.equal(claims.aud, 'https://management.azure.com/')
    assert.equal(claims.iss, `https://sts.windows.net/${client.tenantId}/`)
    assert.equal(tenantId, client.tenantId)
  })

  test('refuses it with a wrong one', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    await assert.rejects(getClientToken(), (error) => {
      assert.ok(error instanceof AuthenticationError)
      assert.deepEqual([error.statusCode, error.error, error.errorCodes], [401, 'invalid_client', [7000215]])
      return true
    })
    assert.match(String(provider.lastGrantError()), /secret/)
  })
})
