// @ts-check
'use strict'

// The JavaScript runtimes that a released addon must load in. Their binaries come from npm, at the versions pinned in
// __test__/hosts.

const fs = require('node:fs')
const path = require('node:path')
const { installPinned } = require('./pinned')

const root = path.join(__dirname, '..', '..')

/**
 * @typedef {object} Host
 * @property {string} name
 * @property {string} command
 * @property {string[]} parameters the arguments before the program's file
 */

/** @returns {string | false} the reason to skip a test without pinned runtimes for this platform */
function missingHosts() {
  if (fs.existsSync(pinned())) return false
  return `__test__/hosts pins no JavaScript runtimes for ${platformName()}`
}

/** @returns {Promise<Host[]>} */
async function installHosts() {
  const folder = await installPinned(`hosts/${platformName()}`)
  const executable = (/** @type {string[]} */ ...parts) => path.join(folder, 'node_modules', ...parts)
  const node = (/** @type {string} */ name) => executable(name, 'bin', 'node')
  return [
    { name: 'Node.js 20', command: node('node20'), parameters: [] },
    { name: 'Node.js 22', command: node('node22'), parameters: [] },
    { name: 'Node.js 24', command: node('node24'), parameters: [] },
    { name: 'Bun', command: executable('@oven/bun-linux-x64', 'bin', 'bun'), parameters: ['run'] },
    {
      name: 'Deno',
      command: executable('@deno/linux-x64-glibc', 'deno'),
      // `manual`: use node_modules as npm installed it, without a registry.
      parameters: ['run', '--allow-all', '--no-remote', '--node-modules-dir=manual']
    }
  ]
}

function pinned() {
  return path.join(root, '__test__', 'hosts', platformName())
}

/** As in the names of the platform packages. */
function platformName() {
  const name = `${process.platform}-${process.arch}`
  if (process.platform !== 'linux') return name
  /** @type {any} */
  const report = process.report.getReport()
  return `${name}-${report.header.glibcVersionRuntime ? 'gnu' : 'musl'}`
}

module.exports = { installHosts, missingHosts }
