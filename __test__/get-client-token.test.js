// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const { runInNewContext } = require('node:vm')
const { claimsOf } = require('./support/claims')
const { startEmulator } = require('../emulator')
const { getClientToken, clearCache, explain, ConfigurationError, NetworkError } = require('..')
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

describe('the token', () => {
  test('is for Azure Resource Manager, with its slash, unless an endpoint is named', async () => {
    for (const args of [undefined, null, {}, { endpoint: undefined }, { endpoint: '' }]) {
      const { token } = await getClientToken(args)
      assert.equal(claimsOf(token).aud, 'https://management.azure.com/')
    }
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('is for exactly the endpoint', async () => {
    for (const endpoint of ['https://graph.microsoft.com', 'https://graph.microsoft.com/', 'api://0f0f', '0f0f']) {
      const { token } = await getClientToken({ endpoint })
      assert.equal(claimsOf(token).aud, endpoint)
    }
    assert.equal(emulator.counters.tokenRequests, 4)
  })

  test('comes with its times, its tenant and its source, frozen', async () => {
    const result = await getClientToken()
    const claims = claimsOf(result.token)
    assert.equal(result.tokenType, 'Bearer')
    assert.equal(result.source, 'clientSecret')
    assert.equal(result.tenantId, emulator.tenantId)
    assert.ok(Math.abs(result.expiresOnTimestamp - Number(claims.exp) * 1000) < 5000, 'expires at the time in the claims')
    assert.ok(Object.isFrozen(result))
  })

  test('can be requested by scopes as well, in any order', async () => {
    await getClientToken(undefined, { scopes: 'https://graph.microsoft.com/.default' })
    const { token } = await getClientToken({}, { scopes: ['https://graph.microsoft.com/.default'] })
    assert.equal(claimsOf(token).aud, 'https://graph.microsoft.com')
    assert.equal(emulator.counters.tokenRequests, 1)
  })
})

describe('the cache', () => {
  test('returns the same token until it is forced, or cleared', async () => {
    const first = await getClientToken()
    assert.equal((await getClientToken()).token, first.token)
    assert.notEqual((await getClientToken({}, { forceRefresh: true })).token, first.token)
    clearCache()
    await getClientToken()
    assert.equal(emulator.counters.tokenRequests, 3)
  })

  test('lets calls at the same time share one request', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => getClientToken()))
    assert.equal(new Set(results.map(({ token }) => token)).size, 1)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('never gives one identity the token of another', async () => {
    const { token } = await getClientToken()
    process.env.ARM_CLIENT_SECRET = 'another one'
    assert.equal((await getClientToken()).token, token, 'settings are read once')
    clearCache()
    await assert.rejects(getClientToken(), { code: 'ERR_AUTHENTICATION' })
  })
})

describe('arguments', () => {
  /** @type {[unknown, unknown, RegExp][]} */
  const wrong = [
    ['https://graph.microsoft.com', undefined, /^args must be an object; it is string$/],
    [[], undefined, /^args must be an object; it is an array$/],
    [{ endpoint: 5 }, undefined, /^args\.endpoint must be a string; it is number$/],
    [{ endpoint: Promise.resolve('x') }, undefined, /^args\.endpoint must be a string; it is a Promise$/],
    [{}, 7, /^opts must be an object/],
    [{}, { timeout: '5' }, /^opts\.timeout must be a number of milliseconds/],
    [{}, { timeout: 0 }, /^opts\.timeout/],
    [{}, { timeout: Infinity }, /^opts\.timeout/],
    [{}, { timeout: NaN }, /^opts\.timeout/],
    [{}, { scopes: 1 }, /^opts\.scopes must be a string or an array of strings; it is number$/],
    [{}, { scopes: ['a', 1] }, /^opts\.scopes\[1\] must be a string; it is number$/],
    // eslint-disable-next-line no-sparse-arrays
    [{}, { scopes: [, 'a'] }, /^opts\.scopes\[0\] is missing: the array has a hole there\. Put a value into it, or make the array shorter$/],
    [{}, { signal: {} }, /^opts\.signal must be an AbortSignal/],
    [{}, { forceRefresh: 1 }, /^opts\.forceRefresh must be a boolean/],
  ]
  for (const [args, opts, message] of wrong) {
    test(`of a wrong type are refused: ${message.source}`, async () => {
      // @ts-expect-error: the test passes wrong types
      const call = getClientToken(args, opts)
      await assert.rejects(call, (error) => error instanceof TypeError && message.test(error.message))
      assert.equal(emulator.counters.requests, 0)
    })
  }

  test('that are objects of another kind are refused, even if the token is cached', async () => {
    await getClientToken()
    const { signal } = new AbortController()
    /** @type {[unknown, unknown, RegExp][]} */
    const mistaken = [
      [new Map([['endpoint', 'https://graph.microsoft.com']]), undefined, /^args must be an object; it is a list of entries, as a Map is$/],
      [Promise.resolve({ endpoint: 'https://graph.microsoft.com' }), undefined, /^args must be an object; it is a Promise$/],
      [new URL('https://graph.microsoft.com'), undefined, /^args must be an object; it is a URL$/],
      [runInNewContext('new Set()'), null, /^args must be an object; it is a list of entries/],
      [undefined, signal, /^opts must be an object; it is an AbortSignal$/],
      [{}, new Map([['tenantId', 'other']]), /^opts must be an object; it is a list of entries/],
    ]
    for (const [args, opts, message] of mistaken) {
      for (const ask of [getClientToken, explain]) {
        // @ts-expect-error: the test passes wrong types
        await assert.rejects(ask(args, opts), (error) => error instanceof TypeError && message.test(error.message), String(message))
      }
    }
    class Settings { get [Symbol.toStringTag]() { return 'Settings' } }
    for (const args of [new Settings(), Object.create(null), runInNewContext('({})')]) await getClientToken(args)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('that name an endpoint and scopes are refused', async () => {
    await assert.rejects(getClientToken({ endpoint: 'a' }, { scopes: 'b/.default' }), { code: 'ERR_CONFIGURATION' })
  })

  test('of Pulumi without effect are accepted', async () => {
    await getClientToken({}, { version: '1', pluginDownloadURL: 'x', async: true, parent: {} })
    await getClientToken({}, { parent: { __providers: { kubernetes: {} } } })
  })

  test('that name a Pulumi provider are refused, and the error names the entry that supports it', async () => {
    for (const opts of [{ provider: {} }, { parent: { __providers: { 'azure-native': {} } } }]) {
      await assert.rejects(getClientToken({}, opts), (error) => {
        assert.ok(error instanceof ConfigurationError)
        return /azure-client-token\/pulumi/.test(error.message)
      })
    }
  })
})

describe('settings', () => {
  test('that are missing are named, and read again by the next call', async () => {
    delete process.env.ARM_TENANT_ID
    await assert.rejects(getClientToken(), (error) => {
      assert.ok(error instanceof ConfigurationError)
      assert.deepEqual(error.settings, ['ARM_TENANT_ID'])
      return /ARM_TENANT_ID/.test(error.message)
    })
    process.env.ARM_TENANT_ID = emulator.tenantId
    await getClientToken()
  })

  test('of the AZURE_ group are used if there is no ARM_ group', async () => {
    const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, ...rest } = emulator.environment()
    logIn({ ...rest, AZURE_TENANT_ID: ARM_TENANT_ID, AZURE_CLIENT_ID: ARM_CLIENT_ID, AZURE_CLIENT_SECRET: ARM_CLIENT_SECRET })
    assert.equal((await getClientToken()).source, 'clientSecret')
  })

  test('must name an authority that is https', async () => {
    process.env.AZURE_AUTHORITY_HOST = emulator.authorityHost.replace('https:', 'http:')
    await assert.rejects(getClientToken(), { code: 'ERR_CONFIGURATION', settings: ['AZURE_AUTHORITY_HOST'] })
  })

  test('of trust without a certificate are distinguished from an untrusted server', async () => {
    logIn({ ...emulator.environment(), NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: __filename })
    await assert.rejects(getClientToken(), (error) => {
      assert.ok(error instanceof NetworkError)
      return /SSL_CERT_FILE/.test(error.message) && /no certificate/.test(error.message)
    })
  })
})

describe('a call of its own', () => {
  test('may ask another tenant only if that is allowed', async () => {
    await assert.rejects(getClientToken({}, { tenantId: 'contoso.onmicrosoft.com' }), (error) => {
      assert.ok(error instanceof ConfigurationError)
      return error.settings.includes('AZURE_ADDITIONALLY_ALLOWED_TENANTS')
    })
    assert.equal((await getClientToken({}, { tenantId: emulator.tenantId.toUpperCase() })).tenantId, emulator.tenantId)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('sends claims and support for CAE, and shares no token with calls without them', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'
    for (const opts of [{}, { claims }, { enableCae: true }, { claims, enableCae: true }]) await getClientToken({}, opts)
    const sent = emulator.requests.map(({ form }) => form?.claims && JSON.parse(form.claims))
    const xms_cc = { values: ['cp1'] }
    const { nbf } = JSON.parse(claims).access_token
    const wanted = [undefined, { access_token: { nbf } }, { access_token: { xms_cc } }, { access_token: { nbf, xms_cc } }]
    assert.deepEqual(sent, wanted)
  })

  test('refuses invalid claims', async () => {
    await assert.rejects(getClientToken({}, { claims: 'none' }), { code: 'ERR_CONFIGURATION', settings: ['claims'] })
  })
})
