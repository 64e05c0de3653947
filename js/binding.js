// @ts-check
'use strict'

const { existsSync } = require('node:fs')
const path = require('node:path')
const { version } = require('../package.json')
// Loaded first: when something below fails, no file descriptor may be left to load the classes of errors.
const { orExhausted } = require('./errors')
const { setImmediate } = require('./timers')
const { valueOfVariable } = require('./input-values')

/**
 * The native addon. The first call loads it; `require` of the package does not.
 * @typedef {import('../binding')} Binding
 */

/** Set to the path of the addon if its package cannot be found, as in a single executable application. */
const ADDON_VARIABLE = 'AZURE_CLIENT_TOKEN_ADDON'

/** musl's names of processor architectures, by Node.js's names. @type {Record<string, string>} */
const MUSL_NAMES = { x64: 'x86_64', arm64: 'aarch64' }

/** @type {Binding | undefined} */
let addon

/** @returns {Binding} */
function binding() {
  return (addon ??= connected(orExhausted(() => ofThisVersion(load()))))
}

/**
 * The interface between the main package and its addon changes from version to version, so both must have the same one.
 * @param {Binding} addon
 */
function ofThisVersion(addon) {
  // Addons of the first versions do not have this function.
  const found = addon.packageVersion?.()
  if (found !== version) throw require('./addon-error').ofAnotherVersion(version, found)
  return addon
}

/**
 * Connects the addon to this thread's event loop. Calls end on native threads; `settle` settles their promises, some in each
 * turn of the loop. At exit, `endCalls` ends the programs that calls wait for, az for example: they would run on otherwise.
 * @param {Binding} addon
 */
function connected(addon) {
  const settle = () => {
    if (addon.settleCalls()) setImmediate(settle)
  }
  // `attendCalls` returns false if a test runner evaluates this file again: then `exit` has its listener already.
  if (addon.attendCalls(settle)) process.once('exit', () => addon.endCalls())
  return addon
}

/** @returns {Binding} */
function load() {
  const explicit = valueOfVariable(process.env, ADDON_VARIABLE)
  if (explicit) return loadExplicit(explicit)
  /** @type {unknown[]} */
  const causes = []
  for (const target of targets()) {
    const addon = fromCheckout(target, causes) ?? fromPackage(target, causes) ?? fromModules(target, causes)
    if (addon !== undefined) return addon
  }
  throw require('./addon-error').notLoaded(targets(), causes)
}

/** @param {string} file */
function loadExplicit(file) {
  if (!path.isAbsolute(file) || !file.endsWith('.node')) throw require('./addon-error').noAddonFile(ADDON_VARIABLE)
  try {
    return nodeRequire()(file)
  } catch (cause) {
    throw require('./addon-error').explicitNotLoaded(ADDON_VARIABLE, file, cause)
  }
}

/**
 * The builds that this machine may be able to run, the most likely one first. If musl's loader is installed, musl comes
 * first: gcompat may be installed as well, and would load glibc's build into a process that uses musl.
 * @returns {string[]}
 */
function targets() {
  const { platform, arch } = process
  if (platform === 'win32') return [`win32-${arch}-msvc`]
  if (platform !== 'linux') return [`${platform}-${arch}`]
  const libraries = exists(`/lib/ld-musl-${MUSL_NAMES[arch]}.so.1`) ? ['musl', 'gnu'] : ['gnu', 'musl']
  return libraries.map((library) => `linux-${arch}-${library}`)
}

/**
 * The addon that was built in a checkout of this package. It is not looked for beside a bundle, because every user of the
 * machine may be able to write to the folder above it.
 * @param {string} target
 * @param {unknown[]} causes
 * @returns {Binding | undefined}
 */
function fromCheckout(target, causes) {
  const folder = path.dirname(ownFile())
  const file = path.join(folder, '..', `azure-client-token.${target}.node`)
  if (path.basename(ownFile()) !== 'binding.js' || path.basename(folder) !== 'js' || !exists(file)) return undefined
  return attempt(causes, () => nodeRequire()(file))
}

/**
 * The package of a platform. The names are literal, so that bundlers and tracers find the packages, and inside `try`, so
 * that they ignore packages that are not installed.
 * @param {string} target
 * @param {unknown[]} causes
 * @returns {Binding | undefined}
 */
function fromPackage(target, causes) {
  try {
    switch (target) {
      case 'linux-x64-gnu': return require('azure-client-token-linux-x64-gnu')
      case 'linux-x64-musl': return require('azure-client-token-linux-x64-musl')
      case 'linux-arm64-gnu': return require('azure-client-token-linux-arm64-gnu')
      case 'linux-arm64-musl': return require('azure-client-token-linux-arm64-musl')
      case 'darwin-x64': return require('azure-client-token-darwin-x64')
      case 'darwin-arm64': return require('azure-client-token-darwin-arm64')
      case 'win32-x64-msvc': return require('azure-client-token-win32-x64-msvc')
      case 'win32-arm64-msvc': return require('azure-client-token-win32-arm64-msvc')
    }
  } catch (error) {
    causes.push(error)
  }
  return undefined
}

/**
 * The same package, which Node.js itself looks for when the program runs: a bundler may have left it out, and the `require`
 * of a single executable application finds only Node.js's built-in modules.
 * @param {string} target
 * @param {unknown[]} causes
 * @returns {Binding | undefined}
 */
function fromModules(target, causes) {
  return attempt(causes, () => nodeRequire()(`azure-client-token-${target}`))
}

/**
 * @param {unknown[]} causes
 * @param {() => Binding} loading
 */
function attempt(causes, loading) {
  try {
    return loading()
  } catch (error) {
    causes.push(error)
    return undefined
  }
}

/**
 * Returns whether a file exists. Under a permission model, `existsSync` throws for a file that the program may not read.
 * @param {string} file
 */
function exists(file) {
  try {
    return existsSync(file)
  } catch {
    return false
  }
}

/**
 * Node.js's own `require`, because a bundler replaces the word `require` with a function of its own. Most programs find the
 * addon without it, and loading node:module takes half a millisecond.
 */
function nodeRequire() {
  return require('node:module').createRequire(ownFile())
}

/** The path of this file, or of the bundle that contains it. ES modules have no `__filename`, and some bundlers set a relative one. */
function ownFile() {
  return typeof __filename === 'string' && path.isAbsolute(__filename) ? __filename : process.execPath
}

module.exports = { binding }
