// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')

/**
 * The peers and their versions, as package.json pins them.
 *
 * @returns {Record<string, string>}
 */
function pinnedPeers() {
  return readPackage(__dirname).dependencies
}

/** Installs the peers where one is missing, or is not the pinned version. */
function installPeers() {
  if (Object.entries(pinnedPeers()).every(([name, version]) => installedVersion(name) === version)) return
  console.log('Installing the peers…')
  execFileSync('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--prefix', __dirname], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
}

/** @param {string} name */
function installedVersion(name) {
  try {
    return readPackage(join(__dirname, 'node_modules', name)).version
  } catch {
    return undefined
  }
}

/** @param {string} folder */
function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

module.exports = { installPeers, pinnedPeers }
