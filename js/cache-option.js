// @ts-check
'use strict'

// The option `cache` as native code takes it, its types checked: which store, and how it is used.

const { object, optional, storeKeys, text } = require('./store-keys')
const { optionOf, withoutPrototype, wrongType } = require('./values')

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
  const store = object(cache, place)
  const kind = optionOf(store, 'kind')
  if (kind === 'machine') native.machineStore = machineStore(store, place)
  // Loaded by those who share tokens with other machines: most programs do not.
  else if (kind === 'shared') native.sharedStore = require('./shared-store').sharedStore(store, place)
  else throw wrongType(`${place}.kind`, "'machine' or 'shared'", kind)
}

/**
 * @param {object} cache
 * @param {string} place
 * @returns {NativeMachineStore}
 */
function machineStore(cache, place) {
  const directory = optional(optionOf(cache, 'directory'), `${place}.directory`, text)
  return withoutPrototype({ directory, ...protectionOf(optionOf(cache, 'protection') ?? 'required', `${place}.protection`) })
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function protectionOf(value, place) {
  if (value === 'required' || value === 'file') return { protection: value }
  if (typeof value !== 'object') throw wrongType(place, "'required', 'file' or an object", value)
  return { protection: 'given', ...storeKeys(optionOf(object(value, place), 'keys'), `${place}.keys`) }
}

module.exports = { readCache }
