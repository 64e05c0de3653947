// @ts-check
'use strict'

// A cloud whose own Resource Manager describes it, over real TLS: the emulator serves the document and the tokens.

const assert = require('node:assert/strict')
const http = require('node:http')
const { setTimeout: delay } = require('node:timers/promises')
const { after, afterEach, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { clearCache, ClientTokenCredential, explain, getClientConfig, getClientToken } = require('..')
const { claimsOf } = require('./support/claims')
const { logIn } = require('./support/login')

const DOCUMENT = '/metadata/endpoints'
const resourceManager = 'https://management.own.example/'

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {string} */
let host

before(async () => {
  emulator = await startEmulator({ metadata: { resourceManager } })
  host = new URL(emulator.authorityHost).host
})
after(() => emulator.close())

beforeEach(() => {
  // Only the document names the authority: without it, the public one would be used.
  const { AZURE_AUTHORITY_HOST, ...login } = emulator.environment()
  logIn({ ...login, ARM_METADATA_HOSTNAME: host })
  emulator.resetCounters()
})
afterEach(() => emulator.faults.clear())

describe('a metadata host', () => {
  test('decides the authority and the default endpoint', async () => {
    const { token } = await getClientToken()
    assert.equal(claimsOf(token).aud, resourceManager)
    assert.deepEqual((await explain()).scopes, [`${resourceManager}/.default`])
  })

  test('decides the address of Graph', async () => {
    assert.equal((await getClientConfig()).clientId, emulator.clientId)
  })

  test('is asked once, however many calls wait for it, and its answer is kept', async () => {
    await Promise.all([getClientToken(), getClientToken({ endpoint: 'api://a' }), getClientConfig(), explain()])
    await getClientToken({ endpoint: 'api://b' })
    assert.deepEqual(documents(), ['2022-09-01'])
    clearCache()
    await getClientToken()
    assert.equal(documents().length, 2)
  })

  test('is asked once even if it refuses, and all waiting calls get its refusal', async () => {
    answer({ status: 404 })
    const calls = Array.from({ length: 50 }, (_, index) => getClientToken({ endpoint: `api://${index}` }))
    const outcomes = await Promise.allSettled(calls)
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    assert.equal(documents().length, 1)
  })

  test('is asked again at once by a call that forces a refresh', async () => {
    answer({ status: 404, times: 1 })
    await assert.rejects(getClientToken())
    await assert.rejects(getClientToken())
    assert.equal(documents().length, 1)
    assert.ok((await getClientToken({}, { forceRefresh: true })).token)
    assert.equal(documents().length, 2)
  })

  test('may be an option, with an authority to trust', async () => {
    logIn({})
    const { tenantId, clientId, clientSecret, caCertificate } = emulator
    const options = /** @type {const} */ ({ credential: 'clientSecret', tenantId, clientId, clientSecret, metadataHost: `https://${host}/`, ca: caCertificate })
    const { token } = await new ClientTokenCredential(options).getClientToken()
    assert.equal(claimsOf(token).aud, resourceManager)
  })

  test('whose certificate is not trusted gets no secret', async () => {
    delete process.env.NODE_EXTRA_CA_CERTS
    clearCache()
    const error = await failure()
    assert.equal(error.code, 'ERR_NETWORK')
    assert.equal(error.phase, 'tls')
    assert.match(error.message, sentence(''))
    assert.equal(emulator.counters.tokenRequests, 0)
  })

  test('may send a document with a byte order mark', async () => {
    answer({ body: `\ufeff${JSON.stringify(document())}` })
    assert.equal(claimsOf((await getClientToken()).token).aud, resourceManager)
  })

  /** @type {[name: string, fault: () => Fault, code: string, reason: string][]} */
  const rows = [
    ['that does not know the document', () => ({ status: 404 }), 'ERR_NETWORK', 'performing request: expected 200 OK but got 404 Not Found'],
    ['that has no content', () => ({ status: 204 }), 'ERR_NETWORK', 'performing request: expected 200 OK but got 204 No Content'],
    ['that leads elsewhere', () => ({ status: 302, headers: { location: 'https://elsewhere.example' } }), 'ERR_NETWORK', 'performing request: expected 200 OK but got 302 Found'],
    ['that shows a page', () => ({ body: '<html></html>' }), 'ERR_NETWORK', 'the document has an unexpected form'],
    ['that names no authority', () => ({ body: without('authentication', { audiences: ['a'] }) }), 'ERR_CONFIGURATION', 'the document has no authentication.loginEndpoint'],
    ['that names no audience', () => ({ body: without('authentication', { loginEndpoint: emulator.authorityHost, audiences: [] }) }), 'ERR_CONFIGURATION', 'the document has no authentication.audiences[0]'],
    ['that names no authentication', () => ({ body: without('authentication') }), 'ERR_CONFIGURATION', 'the document has no authentication.loginEndpoint'],
    ['that names no endpoint', () => ({ body: without('resourceManager') }), 'ERR_CONFIGURATION', 'the document has no resourceManager'],
    ['whose authority is not secure', () => ({ body: without('authentication', { loginEndpoint: 'http://login.example', audiences: ['a'] }) }), 'ERR_CONFIGURATION', 'authentication.loginEndpoint must be https']
  ]

  for (const [name, fault, code, reason] of rows) {
    test(`${name}: a clear error, and no secret is sent`, async () => {
      answer(fault())
      const error = await failure()
      assert.equal(error.code, code)
      assert.match(error.message, sentence(reason))
      assert.equal(emulator.counters.tokenRequests, 0)
      const told = await explain()
      assert.deepEqual([told.scopes, told.error?.message], [[], error.message])
    })
  }

  test('that is unavailable for one request is asked again for a patient call, even if a short one asked first', async () => {
    answer({ status: 503, times: 1 })
    const hasty = getClientToken({ endpoint: 'api://a' }, { timeout: 200 })
    const patient = getClientToken({ endpoint: 'api://b' }, { timeout: 60_000 })
    await assert.rejects(hasty)
    assert.equal((await patient).source, 'clientSecret')
    assert.equal(documents().length, 2)
  })

  test('that failed is asked again by the next call, after a moment', async () => {
    answer({ status: 404, times: 1 })
    await failure()
    await delay(300)
    assert.equal((await getClientToken()).source, 'clientSecret')
  })

  test('without Graph gives no client config, with the provider\'s message', async () => {
    answer({ body: without('microsoftGraphResourceId') })
    await assert.rejects(getClientConfig(), { code: 'ERR_CONFIGURATION', message: /The provider configuration must include a value for microsoftGraphEndpoint/ })
  })

  test('may use http on this machine only', async (t) => {
    const server = http.createServer((_, response) => response.end(JSON.stringify(document())))
    t.after(() => server.close())
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
    logIn({ ...emulator.environment(), ARM_METADATA_HOSTNAME: `http://127.0.0.1:${port}` })
    assert.equal(claimsOf((await getClientToken()).token).aud, resourceManager)
    logIn({ ...emulator.environment(), ARM_METADATA_HOSTNAME: 'http://management.own.example' })
    const error = await failure()
    assert.equal(error.code, 'ERR_CONFIGURATION')
    assert.deepEqual(error.settings, ['ARM_METADATA_HOSTNAME'])
    assert.match(error.message, /must be a host name or an https address.*http is for this machine/)
  })
})

/**
 * @typedef {{ status?: number, body?: string | object, headers?: Record<string, string>, times?: number }} Fault
 */

/** What the host answers instead of its document. @param {Fault} fault */
function answer(fault) {
  emulator.faults.add({ status: 200, ...fault, path: DOCUMENT })
}

/** A complete one. */
function document() {
  return {
    name: 'OwnCloud',
    authentication: { loginEndpoint: emulator.authorityHost, audiences: ['https://management.own.example/audience'] },
    resourceManager,
    microsoftGraphResourceId: 'https://graph.own.example/'
  }
}

/**
 * The document without a part of it, or with a different one.
 * @param {string} part
 * @param {unknown} [other]
 */
function without(part, other) {
  return { ...document(), [part]: other }
}

/** The API versions of the requests for the document. */
function documents() {
  return emulator.requests.filter(({ path }) => path === DOCUMENT).map(({ query }) => query['api-version'])
}

/** @returns {Promise<any>} */
function failure() {
  return getClientToken().then(() => assert.fail('a token came'), (error) => error)
}

/** @param {string} reason */
function sentence(reason) {
  const escaped = `failed to get Azure environment metadata from https://${host}: ${reason}`.replace(/[.[\]?]/g, '\\$&')
  return new RegExp(`^${escaped}`)
}
