// @ts-check
'use strict'

// With the errors, which are there before anything of this file can fail: at that time there may be no descriptor left.
const { orExhausted } = require('./errors')
const { setImmediate } = require('./timers')

/**
 * The native addon, loaded at the first call: requiring the package maps no native code.
 * @typedef {import('../binding')} Binding
 */

/** @type {Binding | undefined} */
let loaded

/** @returns {Binding} */
function binding() {
  return (loaded ??= attended(orExhausted(load)))
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
  const explicit = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  if (explicit) return require(explicit)
  /** @type {unknown[]} */
  const causes = []
  for (const target of targets()) {
    for (const place of [`../azure-client-token.${target}.node`, `azure-client-token-${target}`]) {
      try {
        return require(place)
      } catch (error) {
        causes.push(error)
      }
    }
  }
  throw notLoaded(causes)
}

/**
 * Which builds this machine may run. On Linux glibc's is tried first: looking at which C library is there costs more
 * than a failed attempt.
 * @returns {string[]}
 */
function targets() {
  const { platform, arch } = process
  if (platform === 'linux') return [`linux-${arch}-gnu`, `linux-${arch}-musl`]
  if (platform === 'win32') return [`win32-${arch}-msvc`]
  return [`${platform}-${arch}`]
}

/** @param {unknown[]} causes */
function notLoaded(causes) {
  const packages = targets().map((target) => `azure-client-token-${target}`)
  const missing = causes.every((cause) => cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND')
  const advice = missing
    ? `Install one of them: npm skips optional dependencies under --omit=optional, and a lock file made on another platform may lack them (delete node_modules and package-lock.json, then npm install).`
    : `It is there, but cannot be loaded on this machine.`
  const message = `azure-client-token has no native addon for ${process.platform}-${process.arch} (looked for ${packages.join(', ')}). ${advice}`
  return new Error(message, { cause: new AggregateError(causes, causes.map(String).join('\n')) })
}

module.exports = { binding }
