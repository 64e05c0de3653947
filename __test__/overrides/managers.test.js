// @ts-check
'use strict'

// azure-client-token-identity in the place of @azure/identity, with the setting of each package manager, and with each package alone:
// nothing of the original is installed then. Takes minutes: npm run test:overrides. CI runs overrides.test.js.

const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { DEPENDANTS, ORIGINALS, RECIPES, installProject, installed } = require('./projects')
const { entraidGivesToken, langchainAsksForToken, startTrial, tediousLogsIn } = require('./run-programs')

describe('with the setting of each package manager', { concurrency: false }, () => {
  /** @type {import('./run-programs').Trial} */
  let trial
  before(async () => {
    trial = await startTrial()
  }, { timeout: 300_000 })
  after(() => trial?.close())
  beforeEach(() => trial.emulator.resetCounters())

  for (const [index, [name, recipe]] of Object.entries(RECIPES).entries()) {
    test(`tedious, installed with ${name}, logs in`, { timeout: 300_000 }, async () => {
      const folder = await project(`tedious-${index}`, DEPENDANTS.tedious, recipe)
      assert.deepEqual(installed(folder, ORIGINALS), [])
      await tediousLogsIn(trial, folder)
    })
  }

  test('@redis/entraid gets a user name and a token; MSAL stays, because it is a direct dependency', { timeout: 300_000 }, async () => {
    const folder = await project('entraid', DEPENDANTS.entraid, RECIPES['npm, with a dependency of its own'])
    assert.deepEqual(installed(folder, ORIGINALS), ['@azure/msal-common', '@azure/msal-node'])
    await entraidGivesToken(trial, folder)
  })

  test('a vector store of LangChain asks for its token', { timeout: 300_000 }, async () => {
    const folder = await project('langchain', DEPENDANTS.langchain, RECIPES.npm)
    assert.deepEqual(installed(folder, ORIGINALS), [])
    await langchainAsksForToken(trial, folder)
  })

  /** @param {string} name @param {Record<string, string>} dependencies @param {import('./projects').Recipe} recipe */
  async function project(name, dependencies, recipe) {
    const folder = path.join(trial.published.folder, name)
    await installProject(folder, trial.published.url, dependencies, recipe)
    return folder
  }
})
