// @ts-check
'use strict'

// Converts the option `cache` for native code and checks its types: which store, and its options.

const { optionOf, withoutPrototype, wrongType } = require('./input-values')

/**
 * @typedef {import('../binding').NativeCredentialOptions} NativeCredentialOptions
 * @typedef {import('../binding').NativeMachineStore} NativeMachineStore
 */

/**
 * @param {NativeCredentialOptions} native
 * @param {unknown} cache
 * @param {string} place how the caller knows it
 */
function readCache(native, cache, place) {
  if (cache === 'machine') return void (native.machineStore = machineStore({}, place))
  if (typeof cache !== 'object') throw wrongType(place, "false, 'machine' or an object", cache)
  const store = /** @type {object} */ (cache)
  const kind = optionOf(store, 'kind')
  if (kind === 'machine') native.machineStore = machineStore(store, place)
  // Loaded only by programs that share tokens with other machines.
  else if (kind === 'shared') native.sharedStore = require('./shared-store').sharedStore(store, place)
  else throw wrongType(`${place}.kind`, "'machine' or 'shared'", kind)
}

/**
 * @param {object} cache
 * @param {string} place
 * @returns {NativeMachineStore}
 */
function machineStore(cache, place) {
  const directory = folder(optionOf(cache, 'directory') ?? undefined, `${place}.directory`)
  return withoutPrototype({ directory, ...protectionOf(optionOf(cache, 'protection') ?? 'required', `${place}.protection`) })
}

/** @param {unknown} value @param {string} place */
function folder(value, place) {
  if (value === undefined || typeof value === 'string') return value
  throw wrongType(place, 'a string', value)
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function protectionOf(value, place) {
  if (value === 'required' || value === 'file') return { protection: value }
  if (typeof value !== 'object') throw wrongType(place, "'required', 'file' or an object", value)
  // Loaded only by programs that give their own keys.
  return { protection: 'given', ...require('./store-keys').storeKeys(optionOf(/** @type {object} */ (value), 'keys'), `${place}.keys`) }
}

module.exports = { readCache }
