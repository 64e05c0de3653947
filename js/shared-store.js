// @ts-check
'use strict'

// The program's own store of tokens: the commands of native code to it, and when it stops waiting.

const { binding } = require('./binding')
const { isStoreObserved } = require('./observers')
const { object, optional, storeKeys, text } = require('./store-keys')
const { TIMEOUT, isTimeout, optionOf, withoutPrototype, wrongType } = require('./input-values')

/**
 * @typedef {import('../index').TokenStore} TokenStore
 * @typedef {import('../binding').NativeSharedStore} NativeSharedStore
 * @typedef {{ key: string, value: string, ttl: number }} Command
 */

/** Each command, and what native code gets for an answer: a text, or nothing. */
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

/** The commands under way, by native code's numbers. @type {Map<number, AbortController>} */
const running = new Map()

/**
 * The option `cache`, where it is of the kind `'shared'`, as native code takes it, its types checked.
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

/** A store that never answers keeps nothing here. @param {number} call */
function givenUp(call) {
  running.get(call)?.abort()
  running.delete(call)
}

/**
 * Why a command failed is the store's own business: a token comes without it.
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
  return text(value, 'the value that get() gives')
}

/** @param {unknown} value */
function written(value) {
  if (typeof value !== 'boolean') throw wrongType('what set() gives', 'a boolean', value)
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
