// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { inspect } = require('node:util')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { getClientToken, AuthenticationError, ClientTokenCredential, ClientTokenError, NetworkError, ServiceUnavailableError, TimeoutError } = require('..')
const identity = require('../identity')
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

/** @returns {Promise<any>} */
async function failure(opts = {}) {
  return getClientToken({}, opts).then(
    () => assert.fail('a token came'),
    (error) => error,
  )
}

describe('a refusal', () => {
  test('contains what Entra ID said, and says what to do', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    const error = await failure()
    assert.ok(error instanceof AuthenticationError)
    assert.ok(error instanceof ClientTokenError)
    assert.equal(error.name, 'AuthenticationError')
    assert.equal(error.code, 'ERR_AUTHENTICATION')
    assert.equal(error.statusCode, 401)
    assert.equal(error.error, 'invalid_client')
    assert.deepEqual(error.errorCodes, [7000215])
    assert.match(String(error.correlationId), /^[0-9a-f-]{36}$/)
    assert.match(String(error.traceId), /^[0-9a-f-]{36}$/)
    assert.equal(error.retryable, false)
    for (const word of [emulator.clientId, emulator.tenantId, 'ARM_CLIENT_SECRET', 'AADSTS7000215', error.correlationId]) {
      assert.ok(error.message.includes(String(word)), `${word} is not in: ${error.message}`)
    }
    assert.equal(emulator.counters.requests, 1, 'a refusal is final')
  })

  test('is not changed by escapes in its JSON', async () => {
    const description = 'AADSTS7000215: it\\u0073 "quoted" \\\\ and\\r\\nmore. Trace ID: 1'
    emulator.faults.add({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: `{"error":"invalid\\u005fclient","error_description":"${description.replaceAll('"', '\\"')}","error_codes":[7000215],"trace_id":"\\u0031","correlation_id":"2","suberror":"bad_token","claims":"{}"}`,
    })
    const error = await failure()
    assert.deepEqual(
      [error.statusCode, error.error, error.errorCodes, error.traceId, error.correlationId, error.suberror, error.claims],
      [400, 'invalid_client', [7000215], '1', '2', 'bad_token', '{}'],
    )
    assert.match(error.message, /its "quoted" \\ and/)
  })

  test('of a busy service is tried again, and retryable in the end', async () => {
    emulator.faults.add({ status: 429, headers: { 'retry-after': '0' }, body: '{"error":"temporarily_unavailable"}', times: 1 })
    await getClientToken()
    assert.equal(emulator.counters.requests, 2)
  })

  test('with a longer pause than the call has time for is not waited for', async () => {
    emulator.faults.add({ status: 503, headers: { 'retry-after': '3600' }, body: '{"error":"temporarily_unavailable"}' })
    const error = await failure({ timeout: 5000 })
    assert.ok(error instanceof ServiceUnavailableError, inspect(error))
    assert.equal(error.code, 'ERR_SERVICE_UNAVAILABLE')
    assert.equal(error.retryable, true)
    assert.equal(error.retryAfter, 3_600_000)
    assert.equal(emulator.counters.requests, 1)
  })
})

describe('help', () => {
  const headings = fs.readFileSync(path.join(__dirname, '..', 'TROUBLESHOOTING.md'), 'utf8').match(/^#+ .+$/gm) ?? []
  const anchors = headings.map((heading) => heading.replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-'))

  /** @type {[string, Record<string, string | undefined>, object, string][]} */
  const rows = [
    ['the credential that was refused', { ARM_CLIENT_SECRET: 'wrong' }, {}, 'client-secret'],
    ['the credential whose settings are incomplete', { ARM_TENANT_ID: undefined }, {}, 'client-secret'],
    ['the way to a host', { AZURE_AUTHORITY_HOST: 'https://localhost:1/' }, {}, 'err_network'],
    ['the time that a call has', {}, { timeout: 1 }, 'err_timeout'],
    ['what a call asks for', {}, { tenantId: 'other.example' }, 'err_configuration'],
    ['the configuration of Pulumi', { PULUMI_CONFIG: '[]' }, {}, 'pulumi'],
    ['a chain that is no chain', { AZURE_TOKEN_CREDENTIALS: '', ARM_CLIENT_SECRET: undefined }, {}, 'default-chain'],
    ['what JavaScript itself finds', {}, { provider: {} }, 'pulumi']
  ]
  for (const [what, changes, opts, anchor] of rows) {
    test(`is about ${what}: #${anchor}`, async () => {
      for (const [name, value] of Object.entries(changes)) value === undefined ? delete process.env[name] : (process.env[name] = value)
      const error = await failure(opts)
      assert.equal(error.help, `azure-client-token/TROUBLESHOOTING.md#${anchor}`)
      assert.ok(anchors.includes(anchor), `no heading for ${anchor}`)
      assert.ok(inspect(error).includes(`help: '${error.help}'`), inspect(error))
    })
  }
})

describe('an answer without a token', () => {
  const json = { 'content-type': 'application/json' }
  /** @type {[string, { status?: number, headers?: Record<string, string>, body: string }, RegExp][]} */
  const answers = [
    ['without a token', { headers: json, body: '{}' }, /has no access_token/],
    ['with an empty token', { headers: json, body: '{"access_token":"","expires_in":1}' }, /has no access_token/],
    ['cut off', { headers: json, body: '{"access_token":"marker-sec' }, /is not JSON/],
    ['empty', { body: '' }, /ended its answer before the first byte/],
    ['a page', { headers: { 'content-type': 'text/html' }, body: '<html>marker-secret</html>' }, /text\/html/],
    ['a page of a proxy', { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>marker-secret' }, /status 403/],
    ['without an end', { headers: json, body: '{"access_token":"marker-secret"}' }, /does not say when/],
    ['a redirection', { status: 302, headers: { location: 'https://localhost:1/' }, body: '' }, /status 302/],
    ['too long', { headers: json, body: 'x'.repeat(2 ** 20 + 1) }, /more than 1048576 bytes/],
  ]
  for (const [name, answer, message] of answers) {
    test(`is a NetworkError: ${name}`, async () => {
      emulator.faults.add({ status: 200, ...answer })
      const error = await failure()
      assert.ok(error instanceof NetworkError, inspect(error))
      assert.equal(error.phase, 'response')
      assert.match(error.message, message)
      assert.ok(!inspect(error).includes('marker-sec'))
    })
  }
})

describe('no answer', () => {
  test('from a host that refuses the connection names it, early', async () => {
    process.env.AZURE_AUTHORITY_HOST = 'https://localhost:1/'
    const start = Date.now()
    const error = await failure()
    assert.ok(error instanceof NetworkError)
    assert.deepEqual([error.phase, error.host, error.retryable], ['connect', 'localhost:1', true])
    assert.match(inspect(error), /refused/i)
    assert.ok(Date.now() - start < 3000)
  })

  test('is readable in a terminal: what, where, and every cause', async () => {
    process.env.AZURE_AUTHORITY_HOST = 'https://localhost:1/'
    const printed = inspect(await failure())
    assert.match(printed, /^NetworkError: localhost:1 refuses the connection: check .*\n    at /)
    assert.match(printed, /code: 'ERR_NETWORK'.*retryable: true.*source: 'clientSecret'.*phase: 'connect'.*\[cause\]: .*Connection refused/s)
    assert.doesNotMatch(printed, /\[Object\]|\[Array\]|\[Getter\]/)
  })

  test('from a name that does not exist is final', async () => {
    // A label must not be empty, so the resolver refuses the name itself: the test needs no DNS server.
    process.env.AZURE_AUTHORITY_HOST = 'https://nowhere..invalid/'
    const error = await failure()
    assert.deepEqual([error.phase, error.host, error.retryable], ['dns', 'nowhere..invalid', false])
  })

  test('from a server with an untrusted authority names that authority and the trusted ones', async () => {
    delete process.env.NODE_EXTRA_CA_CERTS
    const start = Date.now()
    const error = await failure()
    assert.ok(error instanceof NetworkError)
    assert.deepEqual([error.phase, error.retryable], ['tls', false])
    assert.match(error.message, /issued by "[^"]+"/)
    assert.match(error.message, /the system's store|bundled/)
    assert.match(error.message, /NODE_EXTRA_CA_CERTS/)
    assert.ok(Date.now() - start < 1000)
  })

  test('from a server that breaks off is tried again', async () => {
    emulator.faults.add({ destroy: true, times: 1 })
    await getClientToken()
    assert.equal(emulator.counters.requests, 2)
  })

  test('in time is a TimeoutError', async () => {
    emulator.faults.add({ delay: 5000 })
    const start = Date.now()
    const error = await failure({ timeout: 200 })
    assert.ok(error instanceof TimeoutError)
    assert.equal(error.code, 'ERR_TIMEOUT')
    assert.deepEqual([error.retryable, error.phase], [true, 'request'])
    assert.match(error.message, /^no token within 200 ms: localhost:\d+ had not answered/)
    assert.ok(Date.now() - start < 3000)
  })
})

describe('a stack that source maps have changed', () => {
  const unprintable = ['/p/node_modules/@pulumi/output.ts:519:31', 'apply (/p/node_modules/@pulumi/output.ts:379:13)', 'f (C:\\p\\node_modules\\output.ts:1:2)']
  const others = ['/p/program.ts:2:45', 'apply (/p/node_modules/@pulumi/pulumi/output.js:379:13)']

  /** @type {[string, () => Promise<unknown>][]} */
  const wrong = [
    ['arguments', () => getClientToken(/** @type {any} */ ({ endpoint: 5 }))],
    ['settings', async () => new ClientTokenCredential(/** @type {any} */ ({ credential: 'junk' }))],
    ['use of a method', () => ClientTokenCredential.prototype.getToken.call(undefined, 'x')],
    ['chain of the drop-in', async () => { throw new identity.AggregateAuthenticationError([], 'none') }],
    ['settings of the drop-in', async () => { throw new identity.CredentialUnavailableError('none') }],
    ['answer for the drop-in', async () => { throw new identity.AuthenticationError(400, '{}') }],
    ['login of the drop-in', async () => { throw new identity.AuthenticationRequiredError({ scopes: [], message: 'log in' }) }]
  ]
  for (const [what, call] of wrong) {
    test(`has no frame that Node.js 20.20 prints without end, and every other one: wrong ${what}`, async (t) => {
      const { prepareStackTrace } = Error
      t.after(() => { Error.prepareStackTrace = prepareStackTrace })
      Error.prepareStackTrace = (error) => [error, ...unprintable, ...others].join('\n    at ')
      const { stack, message } = await call().then(() => assert.fail('it succeeded'), (error) => error)
      assert.ok(stack.startsWith(`${stack.split(':')[0]}: ${message}`))
      assert.deepEqual(stack.split('\n    at ').slice(1), others)
    })
  }
})
