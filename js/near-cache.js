// @ts-check
'use strict'

const { binding } = require('./binding')
const { setNewest } = require('./bounded-map')
const { clearTimeout, setImmediate, setTimeout } = require('./timers')

/**
 * @typedef {import('../index').GetClientTokenResult} Result
 * @typedef {{ promise: Promise<Result>, epoch: number }} SharedCall
 */

/** The most tokens, as in the native cache. The oldest is dropped first. */
const MOST_TOKENS = 16 * 1024

/** How often this thread has cleared the cache. */
let epoch = 0

const currentEpoch = () => epoch

/** Functions that are called whenever the cached tokens of this thread are dropped. @type {(() => void)[]} */
const listeners = []

/** Drops the tokens of every near cache of this thread. */
function forgetTokens() {
  epoch += 1
  for (const listener of listeners) listener()
}

/**
 * Registers a function that is called each time the cached tokens of this thread are dropped.
 * @param {() => void} listener
 */
function whenForgotten(listener) {
  listeners.push(listener)
}

/**
 * A cached token. The native cache returns how long it may be used without asking again, at most a second. Both clocks limit
 * that time. Each call compares the wall clock, because the monotonic clock stops while the machine sleeps. A timer, which
 * follows the monotonic clock, ends the time as well, because the wall clock can be set back. If each call read both clocks
 * instead, it would take 50 % longer. */
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

  isUsable() {
    if (this.#epoch !== epoch) return false
    return Date.now() < this.#until || this.#ask()
  }

  #ask() {
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
 * The cached tokens of one client, found without a native call and without an allocation; and its pending calls, so that a
 * thousand equal calls at once become one native call.
 */
class NearCache {
  /** @type {Map<string, CachedResult>} */
  #tokens = new Map()
  /** @type {Map<string, SharedCall>} */
  #calls = new Map()

  /** @param {string} key */
  get(key) {
    const cached = this.#tokens.get(key)
    return cached !== undefined && cached.isUsable() ? cached.result : undefined
  }

  /**
   * Returns whether there is a token that is due for renewal.
   * @param {string} key
   */
  isDue(key) {
    return (this.#tokens.get(key)?.result.refreshAfterTimestamp ?? Infinity) <= Date.now()
  }

  /**
   * @param {string} key
   * @param {Result} result
   * @param {number} lease
   * @param {number} since the epoch in which the token was requested. If the cache was cleared meanwhile, nothing is kept.
   */
  keep(key, result, lease, since) {
    if (since !== epoch) return
    setNewest(this.#tokens, key, new CachedResult(result, lease), MOST_TOKENS)
  }

  /**
   * Returns a pending call for the same token that began in the same turn of the event loop. A later call does not share it,
   * because it would share its timeout as well; the native cache makes both wait for one request.
   * @param {string} key
   */
  shared(key) {
    const call = this.#calls.get(key)
    return call !== undefined && call.epoch === epoch ? call.promise : undefined
  }

  /**
   * @param {string} key
   * @param {Promise<Result>} promise a call that others may share until it ends, or this turn of the event loop ends
   */
  share(key, promise) {
    if (this.#calls.size === 0) setImmediate(() => this.#calls.clear())
    this.#calls.set(key, { promise, epoch })
    return promise
  }

  /**
   * Removes a call that has ended, whatever its outcome: later calls do not share it.
   * @param {string} key
   * @param {number} since the epoch in which it began
   */
  end(key, since) {
    if (this.#calls.get(key)?.epoch === since) this.#calls.delete(key)
  }
}

/**
 * Returns the cache key of a request: its parts, each after its length, so that no two different requests have the same key.
 * @param {(string | boolean | number | undefined)[]} parts
 */
function keyOf(parts) {
  return parts.map((part) => (part === undefined ? '-' : `${String(part).length}:${part}`)).join('')
}

/**
 * Returns whether a scope is the `/.default` scope of a resource. As an endpoint it means the same, so both have one cache
 * key.
 * @param {string} scope
 */
function isDefaultScope(scope) {
  return scope.endsWith('/.default')
}

module.exports = { NearCache, currentEpoch, forgetTokens, isDefaultScope, keyOf, whenForgotten }
