// @ts-check
'use strict'

const { existsSync } = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const { version } = require('../package.json')
// With the errors, which are there before anything of this file can fail: at that time there may be no descriptor left.
const { orExhausted } = require('./errors')
const { setImmediate } = require('./timers')
const { valueOfVariable } = require('./values')

/**
 * The native addon, loaded at the first call: requiring the package maps no native code.
 * @typedef {import('../binding')} Binding
 */

/** Names the addon's file where the program cannot find its package, as in a single executable application. */
const ADDON_VARIABLE = 'AZURE_CLIENT_TOKEN_ADDON'

/** As musl names the processors. @type {Record<string, string>} */
const MUSL_NAMES = { x64: 'x86_64', arm64: 'aarch64' }

/** @type {Binding | undefined} */
let loaded

/** @returns {Binding} */
function binding() {
  return (loaded ??= attended(ofThisVersion(orExhausted(load))))
}

/**
 * The main package and its addon call each other's functions by rules that change from version to version.
 * @param {Binding} addon
 */
function ofThisVersion(addon) {
  // Addons of the first versions do not tell theirs.
  const found = addon.packageVersion?.()
  if (found !== version) throw require('./addon-error').ofAnotherVersion(version, found)
  return addon
}

/**
 * Calls end on native threads; their promises are settled here, some of them in each turn of the event loop. A program
 * that a call is waiting for, az for example, outlives a process that ends unless it is ended with it.
 * @param {Binding} addon
 */
function attended(addon) {
  const settle = () => {
    if (addon.settleCalls()) setImmediate(settle)
  }
  // Not again where a test runner evaluates this file once more.
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
    return requireHere()(file)
  } catch (cause) {
    throw require('./addon-error').explicitNotLoaded(ADDON_VARIABLE, cause)
  }
}

/**
 * Which builds this machine may run, the likeliest first. Where musl's loader is there, gcompat may be there too, which
 * would let glibc's build into a process that has another C library.
 * @returns {string[]}
 */
function targets() {
  const { platform, arch } = process
  if (platform === 'win32') return [`win32-${arch}-msvc`]
  if (platform !== 'linux') return [`${platform}-${arch}`]
  const libraries = isThere(`/lib/ld-musl-${MUSL_NAMES[arch]}.so.1`) ? ['musl', 'gnu'] : ['gnu', 'musl']
  return libraries.map((library) => `linux-${arch}-${library}`)
}

/**
 * The addon that was built in a checkout of this package. Not beside a bundle: its folder may be in one that every user
 * of the machine can write to.
 * @param {string} target
 * @param {unknown[]} causes
 * @returns {Binding | undefined}
 */
function fromCheckout(target, causes) {
  const folder = path.dirname(place())
  const file = path.join(folder, '..', `azure-client-token.${target}.node`)
  if (path.basename(place()) !== 'binding.js' || path.basename(folder) !== 'js' || !isThere(file)) return undefined
  return attempt(causes, () => requireHere()(file))
}

/**
 * The package of a platform. The names are literal and inside of `try`: so bundlers and tracers find those that are
 * installed, and pass over the others.
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
 * The same package, found while the program runs: a bundler may have left it out, and the `require` of a single
 * executable application knows nothing but what is built into Node.js.
 * @param {string} target
 * @param {unknown[]} causes
 * @returns {Binding | undefined}
 */
function fromModules(target, causes) {
  return attempt(causes, () => requireHere()(`azure-client-token-${target}`))
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
 * The permission model of a runtime fails for a file that the program may not read, where elsewhere a file is not there.
 * @param {string} file
 */
function isThere(file) {
  try {
    return existsSync(file)
  } catch {
    return false
  }
}

/** Node.js's own `require`, whatever a bundler makes of that word. */
function requireHere() {
  return createRequire(place())
}

/** This file, or the bundle that it is in. Modules have no such name, and some bundlers give a relative one. */
function place() {
  return typeof __filename === 'string' && path.isAbsolute(__filename) ? __filename : process.execPath
}

module.exports = { binding }
