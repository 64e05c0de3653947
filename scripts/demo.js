// @ts-check
'use strict'

// `npm run demo` on a fresh clone: installs and builds what is missing, then runs the demo. Node.js built-ins only.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { npmInvocation } = require('./npm')

const root = path.join(__dirname, '..')
const sources = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src', 'crates']

// An installation also builds, through `prepare`.
if (!isInstalled()) npm('install')
if (!isBuilt()) npm('run', 'build')
run(process.execPath, [path.join(root, 'examples', 'demo.js')])

function isInstalled() {
  // npm writes this file last.
  const installed = modified('node_modules/.package-lock.json')
  return installed !== undefined && installed >= (modified('package-lock.json') ?? 0)
}

function isBuilt() {
  const addons = fs.readdirSync(root).filter((file) => /^azure-client-token\..*\.node$/.test(file))
  const built = Math.max(...addons.map((addon) => modified(addon) ?? 0))
  return built >= Math.max(...sources.map(newest))
}

/**
 * @param {string} name relative to the root
 * @returns {number}
 */
function newest(name) {
  const file = path.join(root, name)
  if (!fs.existsSync(file)) return 0
  const inside = fs.statSync(file).isDirectory() ? fs.readdirSync(file) : []
  return Math.max(fs.statSync(file).mtimeMs, ...inside.map((entry) => newest(path.join(name, entry))))
}

/** @param {string} name relative to the root */
function modified(name) {
  return fs.statSync(path.join(root, name), { throwIfNoEntry: false })?.mtimeMs
}

/** @param {string[]} parameters */
function npm(...parameters) {
  console.log(`> npm ${parameters.join(' ')}`)
  const { command, parameters: all, shell } = npmInvocation(parameters)
  run(command, all, shell)
}

/**
 * Ends this program as the other one ended, unless that one succeeded.
 * @param {string} command
 * @param {string[]} parameters
 * @param {boolean} [shell]
 */
function run(command, parameters, shell = false) {
  const { status, error } = spawnSync(command, parameters, { cwd: root, stdio: 'inherit', shell })
  if (error) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}
