// @ts-check
'use strict'

// How each package manager installs the released package from a registry, and runs a program that uses it.

const fs = require('node:fs')
const path = require('node:path')
const { npmInvocation } = require('../npm')

/**
 * @typedef {object} Step
 * @property {string} command
 * @property {string[]} parameters
 * @property {boolean} [shell]
 *
 * @typedef {object} Manager
 * @property {string} name
 * @property {(folder: string, url: string) => void} [configure]
 * @property {(name: string, url: string) => Step} install
 * @property {(program: string) => Step} run
 */

/**
 * @param {ReturnType<typeof import('./tools').installTools>} tools
 * @returns {Manager[]}
 */
function managers({ pnpm, yarn1, yarn4, bun }) {
  const node = (/** @type {string[]} */ ...parameters) => ({ command: process.execPath, parameters })
  const run = (/** @type {string} */ program) => node(program)
  return [
    { name: 'npm', install: (name, url) => npmInvocation(['install', '--registry', url, '--cache', '.npm-cache', name]), run },
    { name: 'pnpm', install: (name, url) => node(pnpm, 'add', '--registry', url, '--store-dir', '.pnpm-store', name), run },
    { name: 'yarn 1', install: (name, url) => node(yarn1, 'add', '--registry', url, '--cache-folder', '.yarn-cache', '--non-interactive', name), run },
    { name: 'yarn 4, node-modules', configure: yarnConfiguration('node-modules'), install: (name) => node(yarn4, 'add', name), run },
    { name: 'yarn 4, PnP', configure: yarnConfiguration('pnp'), install: (name) => node(yarn4, 'add', name), run: (program) => node(yarn4, 'node', program) },
    {
      name: 'bun',
      configure: (folder, url) => fs.writeFileSync(path.join(folder, 'bunfig.toml'), `[install]\nregistry = "${url}"\ncache.dir = ".bun-cache"\n`),
      install: (name) => ({ command: bun, parameters: ['add', name] }),
      run: (program) => ({ command: bun, parameters: ['run', program] })
    }
  ]
}

/** @param {string} linker @returns {(folder: string, url: string) => void} */
function yarnConfiguration(linker) {
  return (folder, url) => {
    const settings = {
      nodeLinker: linker,
      npmRegistryServer: url,
      unsafeHttpWhitelist: ['127.0.0.1'],
      // A package that was published a moment ago must be installed.
      npmMinimalAgeGate: 0,
      enableGlobalCache: false,
      enableTelemetry: false
    }
    // JSON is valid YAML.
    fs.writeFileSync(path.join(folder, '.yarnrc.yml'), JSON.stringify(settings))
    fs.writeFileSync(path.join(folder, 'yarn.lock'), '')
  }
}

module.exports = { managers }
