// @ts-check
'use strict'

const { binding } = require('./binding')
const { withoutPrototype } = require('./input-values')

/**
 * Calls that wait on one signal share one listener and one native handle, because Node.js warns of a leak from the eleventh
 * listener on.
 * @typedef {{ cancellation: import('../binding').Cancellation, calls: number, listener: () => void }} Watch
 */

/** @type {WeakMap<AbortSignal, Watch>} */
const watches = new WeakMap()

/**
 * Makes a call that the signal can cancel.
 * @template T
 * @param {AbortSignal | undefined} signal
 * @param {(cancellation: import('../binding').Cancellation | undefined) => Promise<T>} call
 */
async function cancellable(signal, call) {
  if (signal === undefined) return call(undefined)
  signal.throwIfAborted()
  const watch = watches.get(signal) ?? begin(signal)
  watch.calls += 1
  try {
    return await call(watch.cancellation)
  } finally {
    watch.calls -= 1
    if (watch.calls === 0) end(signal, watch)
  }
}

/** @param {AbortSignal} signal */
function begin(signal) {
  const cancellation = new (binding().Cancellation)()
  const watch = { cancellation, calls: 0, listener: () => cancellation.cancel() }
  signal.addEventListener('abort', watch.listener, withoutPrototype({ once: true }))
  watches.set(signal, watch)
  return watch
}

/**
 * @param {AbortSignal} signal
 * @param {Watch} watch
 */
function end(signal, watch) {
  signal.removeEventListener('abort', watch.listener)
  watches.delete(signal)
}

module.exports = { cancellable }
