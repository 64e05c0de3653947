// @ts-check
'use strict'

// Runs programs of projects that use this package in the place of @azure/identity, with the emulator's login in their environment.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { bareEnvironment } = require('../support/environment')
const { claimsOf } = require('../support/identity-programs')
const { startPublished } = require('./projects')
const { startSqlServer } = require('./sql-server')

const run = promisify(execFile)

/** @typedef {Awaited<ReturnType<typeof startTrial>>} Trial */

/**
 * @param {import('../../emulator').EmulatorOptions} [options]
 * @param {Parameters<typeof startPublished>[0]} [publishing]
 */
async function startTrial(options, publishing) {
  const emulator = await startEmulator(options)
  const published = await startPublished(publishing).catch(async (error) => {
    await emulator.close()
    throw error
  })
  const close = () => Promise.all([emulator.close(), published.close()])
  return { emulator, published, close }
}

/**
 * tedious requests the token that the server asks for, and logs in with it.
 * @param {Trial} trial
 * @param {string} folder in which it is installed
 */
async function tediousLogsIn(trial, folder) {
  const { authorityHost, tenantId } = trial.emulator
  const server = await startSqlServer('https://database.windows.net/', `${authorityHost}${tenantId}`)
  try {
    await program(trial, folder, 'tedious.cjs', { SQL_PORT: String(server.port) })
    assertToken(trial, server.tokens[0], 'https://database.windows.net')
  } finally {
    server.close()
  }
}

/** @param {Trial} trial @param {string} folder */
async function entraidGivesToken(trial, folder) {
  const { username, token } = JSON.parse(await program(trial, folder, 'entraid.cjs'))
  assert.equal(username, assertToken(trial, token, 'https://redis.azure.com').oid)
}

/** @param {Trial} trial @param {string} folder */
async function langchainAsksForToken(trial, folder) {
  await program(trial, folder, 'langchain.cjs')
  assert.deepEqual(trial.emulator.requests.map(({ form }) => form.scope), ['https://127.0.0.1:1/.default'])
}

/** @param {Trial} trial @param {string} folder @param {string} name @param {Record<string, string>} [more] */
async function program({ emulator }, folder, name, more) {
  const { tenantId, clientId, clientSecret, authorityHost, caFile } = emulator
  const login = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret, AZURE_AUTHORITY_HOST: authorityHost }
  fs.copyFileSync(path.join(__dirname, 'programs', name), path.join(folder, name))
  const env = bareEnvironment({ NODE_EXTRA_CA_CERTS: caFile, HOME: folder, ...login, ...more })
  const { stdout } = await run(process.execPath, [name], { cwd: folder, env, timeout: 60_000 })
  return stdout
}

/** @param {Trial} trial @param {string | undefined} token @param {string} audience */
function assertToken({ emulator }, token, audience) {
  assert.ok(token, 'there is a token')
  const claims = claimsOf(token)
  assert.deepEqual([claims.aud, claims.appid], [audience, emulator.clientId])
  assert.equal(emulator.requests.length, 1)
  return claims
}

module.exports = { entraidGivesToken, langchainAsksForToken, startTrial, tediousLogsIn }
