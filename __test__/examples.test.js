// @ts-check
'use strict'

const { after, before, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { createServer } = require('node:http')
const { randomBytes } = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { startEmulator } = require('../emulator')
const { missingRedis, startRedis } = require('../scripts/redis/server')
const { bareEnvironment } = require('./support/environment')
const { installPinned } = require('./support/pinned')

const run = promisify(execFile)
const examples = path.join(__dirname, '..', 'examples')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
before(async () => { emulator = await startEmulator() })
after(() => emulator.close())

/** Each example's test; an example without one fails the last test of this file. */
const tests = {
  async 'demo.js'() {
    const printed = await example('demo.js', {})
    assert.match(printed, /default endpoint, Azure Resource Manager: [\d.]+ ms, 1 request/)
    assert.match(printed, /aud: 'https:\/\/management\.azure\.com\/'/)
    assert.match(printed, /Microsoft Graph: [\d.]+ ms, 1 request/)
    assert.match(printed, /aud: 'https:\/\/graph\.microsoft\.com'/)
    assert.match(printed, /from the cache: [\d.]+ ms, 0 request/)
    assert.match(printed, /A wrong secret: [\d.]+ ms, 1 request/)
    assert.match(printed, /AADSTS7000215/)
    assert.doesNotMatch(printed, /eyJ[\w-]+\.[\w-]+\.[\w-]+/, 'the output contains a whole token')
  },

  async 'first-token.js'() {
    assert.match(await example('first-token.js', emulator.environment()), /^a token from clientSecret, good until /)
    const api = await startApi()
    try {
      const printed = await example('first-token.js', emulator.environment(), ['https://graph.microsoft.com', api.url])
      assert.match(printed, /^200 Bearer eyJ…$/m)
    } finally {
      await api.close()
    }
  },

  async 'errors.js'() {
    const environment = emulator.environment()
    assert.equal(await example('errors.js', environment), 'a token from clientSecret\n')
    const wrong = { ...environment, ARM_CLIENT_SECRET: 'wrong' }
    assert.match(await example('errors.js', wrong), /^Refused \(AADSTS7000215\)/)
    const { ARM_TENANT_ID: _, ...incomplete } = environment
    assert.match(await example('errors.js', incomplete), /^Set or mend .*ARM_TENANT_ID/)
  },

  async 'opentelemetry.js'() {
    const { tenantId, clientId, clientSecret, authorityHost } = emulator
    const environment = { ...emulator.environment(), NODE_PATH: path.join(await installPinned('opentelemetry'), 'node_modules') }
    const login = JSON.stringify({ tenantId, clientId, clientSecret, authorityHost })
    const printed = await example('../__test__/support/opentelemetry-program.js', environment, [login])
    const { token, spans, metrics } = JSON.parse(printed)
    const [given, refused] = spans
    assert.deepEqual([spans.length, given.name, given.status.code], [2, 'azure_client_token.acquire', 0], 'none for the second call, which the near cache answered')
    assert.deepEqual(given.attributes, {
      'azure_client_token.reason': 'missing', 'azure_client_token.scopes': ['https://vault.azure.net/.default'],
      'azure_client_token.from': 'service', 'azure_client_token.source': 'clientSecret', 'azure_client_token.tenant_id': tenantId,
    })
    assert.deepEqual([refused.attributes['error.type'], refused.attributes['http.response.status_code'], refused.status.code], ['ERR_AUTHENTICATION', 401, 2])
    assert.match(refused.status.message, /AADSTS7000215/)
    const shown = metrics.map((/** @type {any} */ { name, unit, attributes }) => `${name} ${unit} ${attributes['azure_client_token.command'] ?? attributes['error.type'] ?? attributes['azure_client_token.from']}`)
    assert.deepEqual(shown.slice(0, 2), ['azure_client_token.acquire.duration s service', 'azure_client_token.acquire.duration s ERR_AUTHENTICATION'])
    assert.deepEqual(new Set(shown.slice(2)), new Set(['get', 'setIfAbsent', 'set', 'delete'].map((command) => `azure_client_token.store.duration s ${command}`)))
    for (const secret of [token, clientSecret]) assert.ok(!printed.replace(`"token":"${token}"`, '').includes(secret))
  },

  async 'machine-tokens.js'() {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-home-'))
    const { tenantId, clientId, clientSecret } = emulator
    const login = { ...emulator.environment(), AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret, HOME: home }
    for (const origin of ['the service', 'machine']) {
      assert.equal(await example('machine-tokens.js', login, ['file']), `a token by clientSecret, from ${origin}\n`)
    }
    fs.rmSync(home, { recursive: true })
  },

  async 'shared-tokens.js'() {
    const server = await startRedis()
    try {
      const { tenantId, clientId, clientSecret } = emulator
      const login = { ...emulator.environment(), AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret }
      const keys = ['2026-12', '2026-11'].map((id) => `${id}:${randomBytes(32).toString('base64')}`).join(',')
      const environment = { ...login, REDIS_URL: server.url, TOKEN_KEYS: keys, NODE_PATH: path.join(await installPinned('redis'), 'node_modules') }
      assert.equal(await example('shared-tokens.js', environment), 'a token by clientSecret, from the service\n')
      assert.equal(await example('shared-tokens.js', environment), 'a token by clientSecret, from shared\n')
    } finally {
      await server.close()
    }
  }
}

/** Why an example cannot run here. @type {Record<string, string | false>} */
const skips = { 'shared-tokens.js': missingRedis() }

for (const [name, body] of Object.entries(tests)) test(`examples/${name}`, { skip: skips[name] ?? false }, body)

test('every example is tested', () => {
  const files = fs.readdirSync(examples).filter((file) => file.endsWith('.js'))
  assert.deepEqual(files.sort(), Object.keys(tests).sort())
})

/**
 * @param {string} name
 * @param {Record<string, string>} environment
 * @param {string[]} parameters
 * @returns {Promise<string>} its output
 */
async function example(name, environment, parameters = []) {
  const env = bareEnvironment(environment)
  const { stdout } = await run(process.execPath, [path.join(examples, name), ...parameters], { env, timeout: 30_000 })
  return stdout
}

/** An API that reports how it was called, without the token. */
async function startApi() {
  const server = createServer(({ headers }, answer) => answer.end(`${headers.authorization?.slice(0, 10)}…`))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((resolve) => server.close(resolve)) }
}
