// @ts-check
'use strict'

// azure-client-token-identity in the place of @azure/identity, in packages of others that depend on that: installed from a registry
// with the setting of each package manager, they reach a token with ours, and nothing of the original is there. Takes minutes:
// npm run test:overrides.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { bareEnvironment } = require('../support/environment')
const { DEPENDANTS, RECIPES, installProject, installed, startPublished } = require('./projects')
const { startSqlServer } = require('./sql-server')

const run = promisify(execFile)
const ORIGINALS = /^@azure\/(identity|msal-.*)$/

describe('with the override', { concurrency: false }, () => {
  /** @type {Awaited<ReturnType<typeof startPublished>>} */
  let published
  /** @type {import('../../emulator').Emulator} */
  let emulator
  before(async () => {
    emulator = await startEmulator()
    published = await startPublished()
  }, { timeout: 300_000 })
  after(async () => {
    await emulator?.close()
    await published?.close()
  })
  beforeEach(() => emulator.resetCounters())

  for (const [index, [name, recipe]] of Object.entries(RECIPES).entries()) {
    test(`tedious, installed with ${name}, logs in`, { timeout: 300_000 }, async () => {
      const folder = path.join(published.folder, `tedious-${index}`)
      await installProject(folder, published.url, DEPENDANTS.tedious, recipe)
      assert.deepEqual(installed(folder, ORIGINALS), [])
      const server = await startSqlServer('https://database.windows.net/', `${emulator.authorityHost}${emulator.tenantId}`)
      try {
        await program(folder, 'tedious.cjs', { SQL_PORT: String(server.port) })
        assertToken(server.tokens[0], 'https://database.windows.net')
      } finally {
        server.close()
      }
    })
  }

  test('@redis/entraid gives a user name and a token; MSAL stays, which it depends on itself', { timeout: 300_000 }, async () => {
    const folder = path.join(published.folder, 'entraid')
    await installProject(folder, published.url, DEPENDANTS.entraid, RECIPES['npm, with a dependency of its own'])
    assert.deepEqual(installed(folder, ORIGINALS), ['@azure/msal-common', '@azure/msal-node'])
    const { username, token } = JSON.parse(await program(folder, 'entraid.cjs'))
    assert.equal(username, assertToken(token, 'https://redis.azure.com').oid)
  })

  test('a vector store of LangChain asks for its token', { timeout: 300_000 }, async () => {
    const folder = path.join(published.folder, 'langchain')
    await installProject(folder, published.url, DEPENDANTS.langchain, RECIPES.npm)
    assert.deepEqual(installed(folder, ORIGINALS), [])
    await program(folder, 'langchain.cjs')
    assert.deepEqual(emulator.requests.map(({ form }) => form.scope), ['https://127.0.0.1:1/.default'])
  })

  /** @param {string} folder @param {string} name @param {Record<string, string>} [more] */
  async function program(folder, name, more) {
    const { tenantId, clientId, clientSecret, authorityHost, caFile } = emulator
    const login = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret, AZURE_AUTHORITY_HOST: authorityHost }
    fs.copyFileSync(path.join(__dirname, 'programs', name), path.join(folder, name))
    const env = bareEnvironment({ NODE_EXTRA_CA_CERTS: caFile, HOME: folder, ...login, ...more })
    const { stdout } = await run(process.execPath, [name], { cwd: folder, env, timeout: 60_000 })
    return stdout
  }

  /** @param {string | undefined} token @param {string} audience */
  function assertToken(token, audience) {
    assert.ok(token, 'there is a token')
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
    assert.deepEqual([claims.aud, claims.appid], [audience, emulator.clientId])
    assert.equal(emulator.requests.length, 1)
    return claims
  }
})
