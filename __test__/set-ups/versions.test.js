// @ts-check
'use strict'

// Two versions of the packed package in one process, as two workspaces of a repository have them.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { filesUnder } = require('../support/consumer')
const { missingHosts } = require('../support/hosts')
const { makeProject } = require('./project')

const OWN = require('../../package.json').version
/** A version of the same length, so that it can replace this package's version in the addon. */
const OTHER = OWN.slice(0, -1) + (OWN.endsWith('9') ? '8' : '9')

/** For each named workspace, in one process: the loaded version, and the outcome of a call. */
const WORKSPACES = `
const { createRequire } = require('node:module')

async function told(workspace) {
  const load = createRequire(__dirname + '/' + workspace + '/program.js')
  const tokens = load('azure-client-token')
  const outcome = await tokens.getClientToken().then(({ source }) => source, (error) => (error instanceof tokens.ClientTokenError ? error.code + ': ' + error.message : error.stack))
  return [load('azure-client-token/package.json').version, outcome]
}
Promise.all(process.argv.slice(2).map(told)).then((all) => console.log(JSON.stringify(all)))`

/** @type {import('./project').Project} */
let project
/** The package of this platform. @type {string} */
let platform

describe('two versions in one process', { skip: missingHosts() }, () => {
  before(async () => {
    project = await makeProject()
    project.write('workspaces.cjs', WORKSPACES)
    platform = /** @type {string} */ (fs.readdirSync(modules('.')).find((name) => name.startsWith('azure-client-token-')))
    addWorkspace('own', OWN, OWN)
    addWorkspace('other', OTHER, OTHER)
    addWorkspace('own-with-other', OWN, OTHER)
    addWorkspace('other-with-own', OTHER, OWN)
  })
  after(() => project?.remove())

  test('each get a token', async () => {
    assert.deepEqual(await workspaces('own', 'other'), [[OWN, 'clientSecret'], [OTHER, 'clientSecret']])
  })

  test("refuse each other's addon, even if their own is loaded as well", async () => {
    const [own, ownWithOther, other, otherWithOwn] = await workspaces('own', 'own-with-other', 'other', 'other-with-own')
    assert.deepEqual([own, other], [[OWN, 'clientSecret'], [OTHER, 'clientSecret']])
    assertRefused(ownWithOther, OWN, OTHER)
    assertRefused(otherWithOwn, OTHER, OWN)
  })
})

/** @param {string[]} names @returns {Promise<[version: string, outcome: string][]>} */
function workspaces(...names) {
  return project.run(process.execPath, ['workspaces.cjs', ...names])
}

/** @param {[string, string]} told @param {string} main @param {string} addon */
function assertRefused([version, outcome], main, addon) {
  assert.equal(version, main)
  assert.ok(outcome.startsWith(`ERR_ADDON: azure-client-token ${main} found a native addon of version ${addon},`), outcome)
}

/**
 * A folder with both packages in its own node_modules.
 * @param {string} name
 * @param {string} main its version
 * @param {string} addon its version
 */
function addWorkspace(name, main, addon) {
  for (const [packageName, version] of [['azure-client-token', main], [platform, addon]]) {
    const place = path.join(modules(name), packageName)
    fs.cpSync(path.join(modules('.'), packageName), place, { recursive: true })
    setVersion(place, version)
  }
}

/** The places with a package's version: its manifest, its joined files, and the addon. @param {string} place @param {string} version */
function setVersion(place, version) {
  const named = filesUnder(place).filter((file) => /package\.json$|\.js$|\.node$/.test(file) && fs.readFileSync(file, 'latin1').includes(OWN))
  assert.ok(named.length >= 2, `${named} contain the version`)
  for (const file of named) fs.writeFileSync(file, fs.readFileSync(file, 'latin1').replaceAll(OWN, version), 'latin1')
}

/** @param {string} folder of the project */
function modules(folder) {
  return path.join(project.folder, folder, 'node_modules')
}
