// @ts-check
'use strict'

// A user's project: a folder with the released packages, and programs that use them.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { npmInvocation } = require('../../scripts/npm')
const { bareEnvironment } = require('./environment')

const run = promisify(execFile)

/**
 * @typedef {object} Consumer
 * @property {string} folder
 * @property {(name: string, content: string) => string} write returns the file's path
 * @property {() => void} remove
 */

/**
 * Installs the tarballs with npm, without a registry and with an empty cache.
 * @param {string[]} tarballs
 * @returns {Promise<Consumer>}
 */
async function installConsumer(tarballs) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-consumer-'))
  const write = (/** @type {string} */ name, /** @type {string} */ content) => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, content)
    return file
  }
  write('package.json', '{ "name": "consumer", "private": true }')
  const cache = path.join(folder, '.npm')
  const { command, parameters, shell } = npmInvocation(['install', '--offline', '--cache', cache, ...tarballs])
  await run(command, parameters, { cwd: folder, shell })
  return { folder, write, remove: () => fs.rmSync(folder, { recursive: true, force: true }) }
}

/**
 * Runs a program that prints one line of JSON, with only the given environment.
 * @param {string} command
 * @param {string[]} parameters
 * @param {Record<string, string>} environment
 * @param {string} cwd
 */
async function printed(command, parameters, environment, cwd) {
  const env = bareEnvironment({ HOME: cwd, ...environment })
  const { stdout } = await run(command, parameters, { cwd, env, timeout: 60_000 })
  return JSON.parse(stdout)
}

/** @param {string} folder */
function filesUnder(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

module.exports = { filesUnder, installConsumer, printed }
