// @ts-check
'use strict'

// The program's own store of tokens: runs native code's commands on it, and stops when native code no longer waits.

const { binding } = require('./binding')
const { isStoreObserved } = require('./observers')
const { object, optional, storeKeys, text } = require('./store-keys')
const { TIMEOUT, isTimeout, optionOf, withoutPrototype, wrongType } = require('./input-values')

/**
 * @typedef {import('../index').TokenStore} TokenStore
 * @typedef {import('../binding').NativeSharedStore} NativeSharedStore
 * @typedef {{ key: string, value: string, ttl: number }} Command
 */

/** Each command, and its answer for native code: a text, or undefined. */
const commands = {
  /** @param {TokenStore} store @param {Command} command @param {AbortSignal} signal */
  get: async (store, { key }, signal) => textOrNothing(await store.get(key, signal)),
  /** @param {TokenStore} store @param {Command} command @param {AbortSignal} signal */
  set: async (store, { key, value, ttl }, signal) => written(await store.set(key, value, { ttl }, signal)),
  /** @param {TokenStore} store @param {Command} command @param {AbortSignal} signal */
  setIfAbsent: async (store, { key, value, ttl }, signal) => written(await store.set(key, value, { ttl, ifAbsent: true }, signal)),
  /** @param {TokenStore} store @param {Command} command @param {AbortSignal} signal */
  delete: async (store, { key, value }, signal) => void (await store.delete(key, value, signal)),
  /** @param {TokenStore} store @param {Command} command @param {AbortSignal} signal */
  extend: async (store, { key, value, ttl }, signal) => void (await store.extend?.(key, value, { ttl }, signal)),
}

/** The commands that are running, by native code's numbers. @type {Map<number, AbortController>} */
const running = new Map()

/**
 * Converts the option `cache` of the kind `'shared'` for native code, and checks its types.
 * @param {object} cache
 * @param {string} place how the caller knows it
 * @returns {NativeSharedStore}
 */
function sharedStore(cache, place) {
  const option = (/** @type {string} */ name) => optionOf(cache, name)
  return withoutPrototype({
    ask: asker(storeOf(option('store'), `${place}.store`)),
    ...storeKeys(option('keys'), `${place}.keys`),
    prefix: optional(option('prefix'), `${place}.prefix`, text),
    patience: optional(option('patience'), `${place}.patience`, milliseconds),
    lease: optional(option('lease'), `${place}.lease`, milliseconds),
  })
}

/** @param {TokenStore} store */
function asker(store) {
  /** @type {NativeSharedStore['ask']} */
  return (call, command, key, value, ttl) => {
    if (command === 'abort') return givenUp(call)
    void answer(store, call, /** @type {keyof typeof commands} */ (command), { key, value, ttl })
  }
}

/** Without this, a store that never answers would keep the command here. @param {number} call */
function givenUp(call) {
  running.get(call)?.abort()
  running.delete(call)
}

/**
 * Only the store needs to know why a command failed: the call gets its token without it.
 * @param {TokenStore} store
 * @param {number} call
 * @param {keyof typeof commands} name
 * @param {Command} command
 */
async function answer(store, call, name, command) {
  const controller = new AbortController()
  running.set(call, controller)
  try {
    const run = () => commands[name](store, command, controller.signal)
    const value = await (isStoreObserved() ? require('./diagnostics').observedCommand(name, run) : run())
    binding().settleStore(call, true, value)
  } catch {
    binding().settleStore(call, false)
  } finally {
    running.delete(call)
  }
}

/** @param {unknown} value */
function textOrNothing(value) {
  if (value === null || value === undefined) return undefined
  return text(value, 'the value that get() returns')
}

/** @param {unknown} value */
function written(value) {
  if (typeof value !== 'boolean') throw wrongType('the value that set() returns', 'a boolean', value)
  return String(value)
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function storeOf(value, place) {
  const store = /** @type {TokenStore} */ (object(value, place))
  for (const name of /** @type {const} */ (['get', 'set', 'delete'])) {
    if (typeof store[name] !== 'function') throw wrongType(`${place}.${name}`, 'a function', store[name])
  }
  return store
}

/** @param {unknown} value @param {string} place */
function milliseconds(value, place) {
  if (!isTimeout(value)) throw wrongType(place, TIMEOUT, value)
  return value
}

module.exports = { sharedStore }
