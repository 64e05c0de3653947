// @ts-check
'use strict'

const { setImmediate } = require('./timers')

/**
 * As many calls go to native code as they are made; those that are made beyond in the same turn of the event loop wait
 * for the next turns. A thousand in one would hold the loop for twice as long: the native threads that they wake want
 * the processors too.
 */
const AT_ONCE = 8

/** As many of them go in each of the next turns: a millisecond's worth. */
const MOST_A_TURN = 64

/** How many have gone in this turn. */
let gone = 0

/** Those that wait, in their order. @type {(() => void)[]} */
const waiting = []

/**
 * The turn in which one more call may go.
 * @returns {Promise<void> | undefined} nothing: it is this one
 */
function room() {
  if (gone === 0) setImmediate(begin)
  if (gone >= AT_ONCE) return new Promise((resolve) => waiting.push(resolve))
  gone += 1
  return undefined
}

/** Begins a turn, with those that have waited longest. */
function begin() {
  const next = waiting.splice(0, MOST_A_TURN)
  gone = next.length
  if (gone > 0) setImmediate(begin)
  for (const go of next) go()
}

/**
 * Settles as the work does, and rejects in a turn of its own. While a debugger is attached, as Pulumi attaches one to the
 * programs that it runs, V8 before Node.js 24 searches at each `throw` through all promises that wait for it, which takes
 * for ever where they form a net. Here it finds a handler.
 * @template T
 * @param {() => Promise<T>} work
 * @param {() => void} [ended] is called before
 * @returns {Promise<T>}
 */
function apart(work, ended = () => {}) {
  return new Promise((resolve, reject) => {
    const fulfilled = (/** @type {T} */ value) => {
      ended()
      resolve(value)
    }
    const rejected = (/** @type {unknown} */ reason) => {
      ended()
      setImmediate(() => reject(reason))
    }
    try {
      work().then(fulfilled, rejected)
    } catch (error) {
      rejected(error)
    }
  })
}

/**
 * Rejects with an error that is made in that turn, for the same reason.
 * @param {() => unknown} error
 * @returns {Promise<never>}
 */
function rejectedApart(error) {
  return new Promise((_, reject) => setImmediate(() => reject(error())))
}

module.exports = { apart, rejectedApart, room }
