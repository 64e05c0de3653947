// @ts-check
'use strict'

// The registry and the package managers that test a release: npm packages at pinned versions, in the cache folder.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { npmInvocation } = require('../npm')

const pinned = path.join(__dirname, 'tools')
const folder = path.join(__dirname, '..', '..', '.cache', 'release-tools')
const modules = path.join(folder, 'node_modules')

const tools = {
  verdaccio: path.join(modules, 'verdaccio', 'bin', 'verdaccio'),
  pnpm: path.join(modules, 'pnpm', 'bin', 'pnpm.cjs'),
  yarn1: path.join(modules, 'yarn', 'bin', 'yarn.js'),
  yarn4: path.join(modules, '@yarnpkg', 'cli-dist', 'bin', 'yarn.js'),
  bun: path.join(modules, '@oven', 'bun-linux-x64', 'bin', 'bun')
}

function installTools() {
  if (isCurrent()) return tools
  fs.rmSync(folder, { recursive: true, force: true })
  fs.cpSync(pinned, folder, { recursive: true })
  const { command, parameters, shell } = npmInvocation(['ci', '--ignore-scripts', '--loglevel=error'])
  execFileSync(command, parameters, { cwd: folder, shell, stdio: ['ignore', 'ignore', 'inherit'] })
  return tools
}

/** npm writes its own list last, so a folder whose installation was interrupted does not have it. */
function isCurrent() {
  const lock = (/** @type {string} */ place) => fs.readFileSync(path.join(place, 'package-lock.json'), 'utf8')
  return fs.existsSync(path.join(modules, '.package-lock.json')) && lock(folder) === lock(pinned)
}

module.exports = { installTools }
