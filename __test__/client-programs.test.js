// @ts-check
'use strict'

// Programs of examples/clients with real clients: a resource server that verifies each token has the host name of an Azure service, so that
// the clients request the same scopes as on Azure; and a real PostgreSQL. `npm run test:client-programs` runs the others.

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const path = require('node:path')
const { after, afterEach, before, beforeEach, describe, test } = require('node:test')
const { ClientTokenCredential } = require('..')
const { startEmulator } = require('../emulator')
const { installedExamples } = require('./support/client-programs')
const { startLdapTokenCheck } = require('./support/ldap-token-check')
const { missingPostgresql, startPostgresql } = require('./support/postgresql')
const { startResourceServer, tokenVerifier } = require('./support/resource-server')

const tenants = [randomUUID(), randomUUID()]
/** @type {import('../emulator').Emulator} */
let emulator
/** @type {Awaited<ReturnType<typeof installedExamples>>} */
let examples
/** @type {import('./support/resource-server').ResourceServer[]} */
const started = []

before(async () => {
  emulator = await startEmulator({ tenants })
  examples = await installedExamples('light')
}, { timeout: 300_000 })
beforeEach(() => emulator.resetCounters())
afterEach(() => Promise.all(started.splice(0).map((server) => server.close())))
after(() => Promise.all([emulator?.close(), examples?.remove()]))

/**
 * The program's output, and the requests that the service with this name received.
 * @param {string} name
 * @param {string} host
 * @param {import('./support/resource-server').Service} service
 * @param {Record<string, string>} [environment]
 */
async function served(name, host, service, environment) {
  const server = await startResourceServer([host], service)
  started.push(server)
  const lines = await examples.run(name, { emulator, services: { [host]: server }, environment })
  return { lines, asked: server.asked }
}

/** The scopes of the emulator's token requests. */
function scopes() {
  return emulator.requests.map(({ form }) => form.scope).filter(Boolean)
}

describe('Key Vault', () => {
  const host = 'example.vault.azure.net'
  const secret = { value: 'hello', id: `https://${host}/secrets/greeting/1`, attributes: { enabled: true } }

  /** @param {string} tenantId whose tokens it accepts @returns {Promise<import('./support/resource-server').Service>} */
  const vault = async (tenantId) => ({
    verify: await tokenVerifier(emulator, 'https://vault.azure.net', tenantId),
    challenge: (token) => (token ? undefined : `Bearer authorization="https://login.windows.net/${tenantId}", resource="https://vault.azure.net"`),
    answer: () => secret,
  })

  test('names scope and tenant, and gets a token of the configured one', async () => {
    const { lines, asked } = await served('keyvault-secrets.js', host, await vault(tenants[0]))
    assert.deepEqual(lines, ['greeting: 5 characters'])
    assert.deepEqual(asked.map(({ status }) => status), [401, 200])
    assert.match(asked[1].path, /^\/secrets\/greeting\//)
    assert.deepEqual(scopes(), ['https://vault.azure.net/.default'])
  })

  test('of another tenant gets a token of that one, if it is allowed', async () => {
    const service = await vault(tenants[1])
    const allowed = await served('keyvault-secrets.js', host, service, { AZURE_ADDITIONALLY_ALLOWED_TENANTS: tenants[1] })
    assert.deepEqual(allowed.lines, ['greeting: 5 characters'])
    await assert.rejects(served('keyvault-secrets.js', host, service), /additionallyAllowedTenants/)
  })
})

describe('Azure Resource Manager', () => {
  const host = 'management.azure.com'
  const groups = { value: [{ name: 'first', location: 'westeurope' }, { name: 'second', location: 'northeurope' }] }

  test('gets a new token after a claims challenge', async () => {
    const claims = { access_token: { nbf: { essential: true, value: '1764201600' } } }
    /** @type {string | undefined} */
    let revoked
    const { lines, asked } = await served('arm-resources.js', host, {
      verify: await tokenVerifier(emulator, 'https://management.azure.com'),
      challenge(token) {
        revoked ??= token
        if (token !== revoked) return undefined
        return `Bearer realm="", error="insufficient_claims", claims="${Buffer.from(JSON.stringify(claims)).toString('base64')}"`
      },
      answer: () => groups,
    }, { ARM_SUBSCRIPTION_ID: randomUUID() })
    assert.deepEqual(lines, ['first in westeurope', 'second in northeurope'])
    assert.deepEqual(asked.map(({ status }) => status), [401, 200])
    assert.notEqual(asked[0].token, asked[1].token)
    const [first, second] = emulator.requests.filter(({ form }) => form.scope).map(({ form }) => JSON.parse(form.claims))
    assert.deepEqual(first, { access_token: { xms_cc: { values: ['cp1'] } } })
    assert.deepEqual(second.access_token.nbf, claims.access_token.nbf)
  })
})

test('Microsoft Graph', async () => {
  const { lines, asked } = await served('microsoft-graph.js', 'graph.microsoft.com', {
    verify: await tokenVerifier(emulator, 'https://graph.microsoft.com'),
    answer: () => ({ value: [{ displayName: 'Ada' }, { displayName: 'Grace' }] }),
  })
  assert.deepEqual(lines, ['Ada', 'Grace'])
  assert.deepEqual(asked.map(({ path, status }) => [path, status]), [['/v1.0/users?$select=displayName', 200]])
})

test('Azure OpenAI', async () => {
  const { lines, asked } = await served('openai.js', 'example.openai.azure.com', {
    verify: await tokenVerifier(emulator, 'https://cognitiveservices.azure.com'),
    answer: ({ body }) => ({ choices: [{ message: { content: `Hello to ${body.messages[0].role}.` } }] }),
  })
  assert.deepEqual(lines, ['Hello to user.'])
  assert.equal(asked[0].path, '/openai/deployments/example-deployment/chat/completions?api-version=2024-10-21')
})

test('the v1 API of Azure OpenAI takes the token as its key', async () => {
  const { lines, asked } = await served('openai-v1.js', 'example.openai.azure.com', {
    verify: await tokenVerifier(emulator, 'https://cognitiveservices.azure.com'),
    answer: ({ body }) => ({ object: 'response', output: [{ type: 'message', content: [{ type: 'output_text', text: `Hello to ${body.model}.` }] }] }),
  })
  assert.deepEqual(lines, ['Hello to example-deployment.'])
  assert.deepEqual(asked.map(({ path, status }) => [path, status]), [['/openai/v1/responses', 200]])
})

// It checks each password with an LDAP server, which verifies tokens.
describe('PostgreSQL', { skip: missingPostgresql() }, () => {
  const user = 'example-app'
  /** @type {Awaited<ReturnType<typeof startLdapTokenCheck>>} */
  let tokenCheck
  /** @type {Awaited<ReturnType<typeof startPostgresql>>} */
  let server

  before(async () => {
    tokenCheck = await startLdapTokenCheck(await tokenVerifier(emulator, 'https://ossrdbms-aad.database.windows.net'))
    server = await startPostgresql({ users: [user], ldapPort: tokenCheck.port })
  })
  after(async () => {
    await server?.close()
    tokenCheck?.close()
  })

  /** @param {string} name @param {Record<string, string>} [changes] */
  function login(name, changes) {
    const environment = { PGHOST: 'localhost', PGPORT: String(server.port), PGDATABASE: 'postgres', PGUSER: user, ...changes }
    return examples.run(name, { emulator, authorities: [server.caCertificate], environment })
  }

  for (const name of ['pg.js', 'postgres.js']) {
    test(`lets ${name} log in with its token`, async () => {
      tokenCheck.accepted.length = 0
      assert.deepEqual(await login(name), [`logged in as ${user}`])
      assert.deepEqual(tokenCheck.accepted.map(({ name, claims }) => [name, claims.appid]), [[`cn=${user}`, emulator.clientId]])
    })

    test(`refuses ${name} with a token of another tenant`, async () => {
      await assert.rejects(login(name, { ARM_TENANT_ID: tenants[1] }), /LDAP authentication failed for user \\?"example-app/)
    })
  }

  test('has the renewed token at the second connection of a pool, and leaves the first one open', async () => {
    const { Pool } = require(path.join(examples.folder, '..', 'node_modules', 'pg'))
    const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca })
    const pool = new Pool({
      host: 'localhost', port: server.port, database: 'postgres', user, ssl: { ca: server.caCertificate },
      password: credential.getBearerTokenProvider('https://ossrdbms-aad.database.windows.net/.default'),
    })
    tokenCheck.accepted.length = 0
    try {
      const first = await pool.connect()
      const { token } = await credential.getClientToken({ endpoint: 'https://ossrdbms-aad.database.windows.net' }, { forceRefresh: true })
      const second = await pool.connect()
      const { rows } = await first.query('select current_user as name')
      assert.deepEqual(rows, [{ name: user }])
      const ids = tokenCheck.accepted.map(({ claims }) => claims.uti)
      assert.equal(ids[1], JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).uti)
      assert.equal(new Set(ids).size, 2)
      for (const one of [first, second]) one.release()
    } finally {
      await pool.end()
    }
  })
})

test('a token of another issuer, for another audience, or that has expired is refused', async (context) => {
  const audience = 'https://vault.azure.net'
  const [verify, elsewhere] = await Promise.all([tokenVerifier(emulator, audience), tokenVerifier(emulator, audience, tenants[1])])
  const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
  const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca })
  const { token } = await credential.getToken(`${audience}/.default`)
  assert.equal((await verify(token)).appid, clientId)
  await assert.rejects(elsewhere(token), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'iss' })
  const graph = await credential.getToken('https://graph.microsoft.com/.default')
  await assert.rejects(verify(graph.token), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' })
  const [head, claims, signature] = token.split('.')
  await assert.rejects(verify([head, claims, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.')), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_700_000 })
  await assert.rejects(verify(token), { code: 'ERR_JWT_EXPIRED' })
})
