// @ts-check
'use strict'

// Packages that only some tests need, at the versions that a folder of __test__ pins. Installs them into a cache folder that remains
// between runs, without install scripts.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { npmInvocation } = require('../../scripts/npm')

const root = path.join(__dirname, '..', '..')
const run = promisify(execFile)

/**
 * @param {string} name the folder's, relative to __test__
 * @returns {Promise<string>} the folder in which the packages are installed
 */
async function installPinned(name) {
  const pinned = path.join(root, '__test__', name)
  const folder = path.join(root, '.cache', name)
  if (!isCurrent(folder, pinned)) await install(folder, pinned)
  return folder
}

/**
 * @param {string} folder
 * @param {string} pinned
 */
function isCurrent(folder, pinned) {
  // npm writes this file last: a folder with an incomplete installation does not have it.
  if (!fs.existsSync(path.join(folder, 'node_modules', '.package-lock.json'))) return false
  return lockOf(folder) === lockOf(pinned)
}

/** @param {string} folder */
function lockOf(folder) {
  return fs.readFileSync(path.join(folder, 'package-lock.json'), 'utf8')
}

/**
 * @param {string} folder
 * @param {string} pinned
 */
async function install(folder, pinned) {
  // Test files run at the same time: another one may be using a folder that it has just installed.
  const fresh = `${folder}-${process.pid}`
  await installInto(fresh, pinned)
  if (!isCurrent(folder, pinned)) {
    fs.rmSync(folder, { recursive: true, force: true })
    fs.renameSync(fresh, folder)
  }
  fs.rmSync(fresh, { recursive: true, force: true })
}

/**
 * @param {string} folder
 * @param {string} pinned
 */
async function installInto(folder, pinned) {
  for (const file of ['package.json', 'package-lock.json']) fs.cpSync(path.join(pinned, file), path.join(folder, file))
  const { command, parameters, shell } = npmInvocation(['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  await run(command, parameters, { cwd: folder, shell })
}

module.exports = { installPinned }
