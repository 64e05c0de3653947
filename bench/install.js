// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { dirname, join } = require('node:path')

const { npmInvocation } = require('../scripts/npm')
const { pack } = require('../scripts/pack')
const { OURS } = require('./settings')

/**
 * The peers and their versions, as package.json pins them.
 *
 * @returns {Record<string, string>}
 */
function pinnedPeers() {
  return readPackage(__dirname).dependencies
}

/** Installs the peers if one is missing or not the pinned version. */
function installPeers() {
  if (Object.entries(pinnedPeers()).every(([name, version]) => installedVersion(name) === version)) return
  console.log('Installing the peers…')
  npm(['ci', '--ignore-scripts', '--loglevel=error', '--prefix', __dirname])
}

/**
 * Installs the packed package, because users run it and not the checkout: it loads fewer files. Each run installs it again, because the
 * sources may have changed.
 */
function installOurs() {
  const out = mkdtempSync(join(tmpdir(), 'bench-tarballs-'))
  const place = dirname(dirname(OURS))
  try {
    const { main, platforms } = pack({ out })
    rmSync(place, { recursive: true, force: true })
    npm(['install', '--offline', '--no-save', '--loglevel=error', '--prefix', place, main, ...ofThisMachine(platforms)])
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/**
 * A checkout may have addons for several platforms: npm rejects those of other platforms.
 * @param {Record<string, string>} platforms
 */
function ofThisMachine(platforms) {
  const { platform, arch } = process
  return Object.keys(platforms).filter((name) => name.startsWith(`${platform}-${arch}`)).map((name) => platforms[name])
}

/** @param {string[]} words */
function npm(words) {
  const { command, parameters, shell } = npmInvocation(words)
  execFileSync(command, parameters, { shell, stdio: ['ignore', 'ignore', 'inherit'] })
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

module.exports = { installOurs, installPeers, pinnedPeers }
