// @ts-check
'use strict'

// A program with one line of npm's overrides, installed from a registry: tedious, @redis/entraid and LangChain get a token with
// azure-client-token-identity in the place of @azure/identity, and programs that import @azure/identity run unchanged. A step of
// .ci/run; managers.test.js has other package managers, and each package alone.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { createClientCertificate } = require('../../emulator/certificates')
const { bareEnvironment } = require('../support/environment')
const { RESOURCES, claimsOf, loginOf, writePrograms } = require('../support/identity-programs')
const { DEPENDANTS, ORIGINALS, RECIPES, installProject, installed } = require('./projects')
const { entraidGivesToken, langchainAsksForToken, startTrial, tediousLogsIn } = require('./run-programs')

const run = promisify(execFile)

describe('with one line of overrides', { concurrency: false }, () => {
  /** @type {import('./run-programs').Trial} */
  let trial
  /** @type {string} */
  let folder
  /** @type {string} */
  let application
  before(async () => {
    const { certificate, privateKey } = await createClientCertificate()
    trial = await startTrial({ applications: [{ certificates: [certificate] }] }, { platforms: 'built' })
    folder = path.join(trial.published.folder, 'project')
    await installProject(folder, trial.published.url, Object.assign({}, ...Object.values(DEPENDANTS)), RECIPES.npm)
    application = path.join(folder, 'client.pem')
    fs.writeFileSync(application, `${privateKey}\n${certificate}`, { mode: 0o600 })
  }, { timeout: 300_000 })
  after(() => trial?.close())
  beforeEach(() => trial.emulator.resetCounters())

  test('the original is not installed; MSAL is, because @redis/entraid depends on it', () => {
    assert.deepEqual(installed(folder, ORIGINALS), ['@azure/msal-common', '@azure/msal-node'])
  })

  test('tedious logs in', () => tediousLogsIn(trial, folder))

  test('@redis/entraid gets a user name and a token', () => entraidGivesToken(trial, folder))

  test('a vector store of LangChain asks for its token', () => langchainAsksForToken(trial, folder))

  test('programs that import @azure/identity compile, and get their tokens', { timeout: 120_000 }, async () => {
    const ofNode = path.dirname(path.dirname(require.resolve('@types/node/package.json')))
    const options = ['--strict', '--target', 'es2022', '--module', 'node16', '--typeRoots', ofNode, '--types', 'node', '--skipLibCheck']
    const files = writePrograms(path.join(folder, 'programs'), '@azure/identity')
    await run(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, ...files]).catch(({ stdout }) => assert.fail(stdout))
    for (const [name, resource] of Object.entries(RESOURCES)) assert.equal((await claims(name)).aud, resource, name)
  })

  /** @param {string} name */
  async function claims(name) {
    const env = bareEnvironment({ NODE_EXTRA_CA_CERTS: trial.emulator.caFile, HOME: folder, ...loginOf(name, trial.emulator, application) })
    const { stdout } = await run(process.execPath, [path.join(folder, 'programs', `${name}.js`)], { env, timeout: 60_000 })
    return claimsOf(stdout)
  }
})
