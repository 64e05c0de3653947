// @ts-check
'use strict'

const { binding } = require('./binding')
const { setNewest } = require('./bounded-map')
const { clearTimeout, setImmediate, setTimeout } = require('./timers')

/**
 * @typedef {import('../index').GetClientTokenResult} Result
 * @typedef {{ promise: Promise<Result>, epoch: number }} SharedCall
 */

/** As many tokens as the native cache keeps; the one that came first goes first. */
const MOST_TOKENS = 16 * 1024

/** How often this thread has cleared the cache. */
let epoch = 0

const currentEpoch = () => epoch

/** What else ends with the tokens. @type {(() => void)[]} */
const listeners = []

/** Nothing that any cache of this thread has within reach counts any more. */
function forgetTokens() {
  epoch += 1
  for (const listener of listeners) listener()
}

/**
 * Calls a function of a module each time the tokens of this thread are forgotten.
 * @param {() => void} listener
 */
function whenForgotten(listener) {
  listeners.push(listener)
}

/**
 * A token within reach. The native cache decides whether it is still good, and is asked again after as long as it
 * allows, a second at the most: by the wall clock, because the steady one stands still while the machine sleeps; and by
 * the steady one, because the other can be set. The latter is a timer's business: each call would take half as long
 * again if it had to read both.
 */
class CachedResult {
  #epoch = epoch
  #until = 0
  /** @type {NodeJS.Timeout | undefined} */
  #timer
  #lease

  /**
   * @param {Result} result
   * @param {number} lease
   */
  constructor(result, lease) {
    this.result = result
    this.#lease = lease
  }

  isGood() {
    if (this.#epoch !== epoch) return false
    return Date.now() < this.#until || this.#look()
  }

  #look() {
    const trust = binding().trust(this.#lease)
    clearTimeout(this.#timer)
    this.#timer = trust > 0 ? setTimeout(() => this.#end(), trust).unref() : undefined
    this.#until = Date.now() + trust
    return trust > 0
  }

  #end() {
    this.#until = 0
    this.#timer = undefined
  }
}

/**
 * The tokens that one client has within reach: no native call, no allocation. And its calls that are under way, so
 * that a thousand at once are one.
 */
class NearCache {
  /** @type {Map<string, CachedResult>} */
  #tokens = new Map()
  /** @type {Map<string, SharedCall>} */
  #calls = new Map()

  /** @param {string} key */
  held(key) {
    const held = this.#tokens.get(key)
    return held !== undefined && held.isGood() ? held.result : undefined
  }

  /**
   * Whether there is a token for which a new one is due.
   * @param {string} key
   */
  isDue(key) {
    return (this.#tokens.get(key)?.result.refreshAfterTimestamp ?? Infinity) <= Date.now()
  }

  /**
   * @param {string} key
   * @param {Result} result
   * @param {number} lease
   * @param {number} since the epoch in which the token was asked for: what was cleared meanwhile is not kept
   */
  keep(key, result, lease, since) {
    if (since !== epoch) return
    setNewest(this.#tokens, key, new CachedResult(result, lease), MOST_TOKENS)
  }

  /**
   * The call of those who want the same and begin in the same turn of the event loop. Not of those who come later,
   * because they would share its timeout as well; the native cache lets these wait for the same request.
   * @param {string} key
   */
  shared(key) {
    const call = this.#calls.get(key)
    return call !== undefined && call.epoch === epoch ? call.promise : undefined
  }

  /**
   * @param {string} key
   * @param {Promise<Result>} promise a call that others may share until it ends, or the turn does
   */
  share(key, promise) {
    if (this.#calls.size === 0) setImmediate(() => this.#calls.clear())
    this.#calls.set(key, { promise, epoch })
    return promise
  }

  /**
   * A call has ended: later calls do not share it, whatever its outcome.
   * @param {string} key
   * @param {number} since the epoch in which it began
   */
  end(key, since) {
    if (this.#calls.get(key)?.epoch === since) this.#calls.delete(key)
  }
}

/**
 * What a token is asked for with, as one text. Each part tells its length, so that no two questions have the same.
 * @param {(string | boolean | number | undefined)[]} parts
 */
function keyOf(parts) {
  return parts.map((part) => (part === undefined ? '-' : `${String(part).length}:${part}`)).join('')
}

/**
 * An endpoint that ends like this is the scope itself, so that both find the same token within reach.
 * @param {string} scope
 */
function isDefaultScope(scope) {
  return scope.endsWith('/.default')
}

module.exports = { NearCache, currentEpoch, forgetTokens, isDefaultScope, keyOf, whenForgotten }
