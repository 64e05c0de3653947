// @ts-check
'use strict'

// Programs of examples/clients whose clients are too large for `npm test`: `npm run test:client-programs`, a step of .ci/run of its own.
// `__test__/client-programs.test.js` runs the others, and kafka.test.js the one with a real Kafka.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { installedExamples } = require('../support/client-programs')
const { startAzurite } = require('../support/client-servers')
const { installHosts, missingHosts } = require('../support/hosts')
const { startLdapTokenCheck } = require('../support/ldap-token-check')
const { missingMariadb, startMariadb } = require('../support/mariadb')
const { startMongodbServer } = require('../support/mongodb-server')
const { startResourceServer, tokenVerifier } = require('../support/resource-server')
const { startTdsServer } = require('../support/tds-server')

const run = promisify(execFile)

/** @type {import('../../emulator').Emulator} */
let emulator
/** @type {Awaited<ReturnType<typeof installedExamples>>} */
let examples

before(async () => {
  emulator = await startEmulator()
  examples = await installedExamples('all')
}, { timeout: 600_000 })
beforeEach(() => emulator.resetCounters())
after(() => Promise.all([emulator?.close(), examples?.remove()]))

/** The scopes of the emulator's token requests. */
function scopes() {
  return emulator.requests.map(({ form }) => form.scope).filter(Boolean)
}

/** @param {string} audience @param {(asked: { path: string, body: any }) => any} answer */
async function service(audience, answer) {
  return { verify: await tokenVerifier(emulator, audience), answer }
}

test('storage-blob.js writes and lists blobs of Azurite', async () => {
  const azurite = await startAzurite(path.join(examples.folder, '..', 'node_modules'))
  try {
    const services = { 'devstoreaccount1.blob.core.windows.net': azurite }
    assert.deepEqual(await examples.run('storage-blob.js', { emulator, services, environment: { STORAGE_ACCOUNT: 'devstoreaccount1' } }), ['hello.txt'])
    assert.deepEqual(scopes(), ['https://storage.azure.com/.default'])
  } finally {
    await azurite.close()
  }
})

describe('clients over https', () => {
  const completion = { id: '1', created: 1, model: 'm', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello.' } }] }
  /** @type {[string, string, string, (asked: { path: string }) => any, string[], RegExp][]} */
  const ROWS = [
    ['langchain.js', 'example.openai.azure.com', 'https://cognitiveservices.azure.com', () => completion, ['Hello.'], /^\/openai\/deployments\/example-deployment\/chat\/completions/],
    ['ai-sdk.mjs', 'example.openai.azure.com', 'https://cognitiveservices.azure.com', () => completion, ['Hello.'], /^\/openai\/v1\/chat\/completions/],
    ['azure-devops.js', 'dev.azure.com', '499b84ac-1321-427f-aa17-267ca6975798', ({ path: place }) => projects(place), ['first', 'second'], /_apis\/projects/],
  ]
  for (const [name, host, audience, answer, lines, asked] of ROWS) {
    test(`${name} gets an answer with its token`, async () => {
      const server = await startResourceServer([host], await service(audience, answer))
      try {
        assert.deepEqual(await examples.run(name, { emulator, services: { [host]: server } }), lines)
        const last = server.asked[server.asked.length - 1]
        assert.match(last.path, asked)
        assert.ok(server.asked.every(({ status }) => status === 200))
      } finally {
        await server.close()
      }
    })
  }
})

test('confluent-kafka.js returns a token of the namespace, its owner and its end', async (context) => {
  context.diagnostic('the client itself does not run: its native part comes from GitHub\'s releases, and is compiled for minutes by `npm run test:clients`. Its types are looked at below.')
  const standIn = require.resolve('../support/confluent-stand-in')
  const [given, sent] = await examples.run('confluent-kafka.js', { emulator, standIn })
  const { value, principal, lifetime } = JSON.parse(given)
  const verify = await tokenVerifier(emulator, 'https://example.servicebus.windows.net')
  const { oid, exp } = await verify(value)
  assert.deepEqual([principal, sent], [oid, 'sent'])
  // The claim counts from the whole second in which the token was issued; `lifetime` counts from its arrival.
  assert.ok(Math.abs(lifetime / 1000 - exp) <= 2, `${lifetime} is not the token's expiry, ${exp}`)
})

describe('clients of databases', () => {
  const host = 'example.database.windows.net'
  const database = 'https://database.windows.net'

  for (const name of ['tedious.js', 'mssql.js']) {
    test(`${name} logs in with the token that the server requires`, { skip: missingHosts() }, async () => {
      const server = await startTdsServer([host], `${database}/`, await tokenVerifier(emulator, database))
      try {
        const lines = await examples.run(name, { emulator, services: { [host]: server }, node: await newerNode() })
        assert.deepEqual(lines, [`logged in as ${emulator.clientId}`])
        // mssql opens a connection as a test before it creates the pool's.
        assert.deepEqual([...new Set(server.accepted.map(({ appid }) => appid))], [emulator.clientId])
        assert.deepEqual(scopes(), [`${database}/.default`])
      } finally {
        await server.close()
      }
    })
  }

  test('mysql2.js logs in to a MariaDB that verifies its token, and not to one that accepts another audience', { skip: missingMariadb(), timeout: 300_000 }, async () => {
    const user = 'example-app'
    let verify = await tokenVerifier(emulator, 'https://ossrdbms-aad.database.windows.net')
    const tokenCheck = await startLdapTokenCheck((token) => verify(token))
    const server = await startMariadb({ user, ldapPort: tokenCheck.port })
    const login = () => examples.run('mysql2.js', { emulator, authorities: [server.caCertificate], environment: { MYSQL_HOST: 'localhost', MYSQL_PORT: String(server.port), MYSQL_USER: user } })
    try {
      assert.match((await login()).join(), /name: 'example-app@localhost'/)
      assert.deepEqual(tokenCheck.accepted.map(({ name, claims }) => [name, claims.appid]), [[user, emulator.clientId]])
      verify = await tokenVerifier(emulator, 'https://other')
      await assert.rejects(login(), /Access denied for user 'example-app'/)
    } finally {
      await server.close()
      tokenCheck.close()
    }
  })

  test('mongodb.js logs in with the result of its function', async () => {
    const verify = await tokenVerifier(emulator, 'https://ossrdbms-aad.database.windows.net')
    const server = await startMongodbServer(path.join(examples.folder, '..', 'node_modules'), verify)
    try {
      const environment = { MONGODB_URL: `mongodb://localhost:${server.port}/?tls=true` }
      assert.deepEqual(await examples.run('mongodb.js', { emulator, authorities: [server.caCertificate], environment }), ['ping: 1'])
      assert.deepEqual(server.accepted.map(({ appid }) => appid), [emulator.clientId])
    } finally {
      await server.close()
    }
  })
})

describe('the types of the clients', () => {
  /** @param {string} name */
  const compile = async (name) => {
    const folder = examples.folder
    const compilerOptions = { allowJs: true, checkJs: true, strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: ['node'], skipLibCheck: true }
    fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: [name] }))
    const compiler = path.join(folder, '..', 'node_modules', 'typescript', 'bin', 'tsc')
    return run(process.execPath, [compiler, '-p', folder], { timeout: 120_000 }).then(() => '', ({ stdout }) => String(stdout))
  }

  test('accept what every example returns', async () => {
    assert.equal(await compile('*'), '')
  })

  test('are checked: a provider of numbers is refused', async () => {
    const right = fs.readFileSync(path.join(examples.folder, 'openai.js'), 'utf8')
    const wrong = path.join(examples.folder, 'wrong.cjs')
    fs.writeFileSync(wrong, right.replace(/azureADTokenProvider: .*/, 'azureADTokenProvider: async () => 1,'))
    assert.match(await compile('wrong.cjs'), /TS2322.*number/s)
    fs.rmSync(wrong)
  })
})

/** tedious 20 calls functions of Node.js 22 and later. */
async function newerNode() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath
  const hosts = await installHosts()
  return hosts.find(({ name }) => name === 'Node.js 22')?.command
}

/** Azure DevOps lists the addresses of its parts. @param {string} place */
function projects(place) {
  if (/_apis\/projects/.test(place)) return { count: 2, value: [{ name: 'first' }, { name: 'second' }] }
  if (/_apis\/ResourceAreas/.test(place)) return { count: 0, value: [] }
  const location = { area: 'core', resourceVersion: 4, minVersion: '1.0', maxVersion: '7.2', releasedVersion: '7.1' }
  return {
    count: 2,
    value: [
      { ...location, id: 'e81700f7-3be2-46de-8624-2eb35882fcaa', resourceName: 'ResourceAreas', routeTemplate: '_apis/{resource}/{areaId}' },
      { ...location, id: '603fe2ac-9723-48b9-88ad-09305aa6c6e1', resourceName: 'projects', routeTemplate: '_apis/{resource}/{*projectId}' },
    ],
  }
}
