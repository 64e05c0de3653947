// @ts-check
'use strict'

const { setImmediate } = require('./timers')

/**
 * The number of calls that go to native code at once in a turn of the event loop; further calls wait for the next
 * turns. A thousand in one turn would hold the loop for twice as long: the native threads that they wake need the
 * processors too.
 */
const AT_ONCE = 8

/** The number of calls that go in each of the next turns: they take about a millisecond. */
const MOST_A_TURN = 64

/** How many have gone in this turn. */
let gone = 0

/** Those that wait, in their order. @type {(() => void)[]} */
const waiting = []

/**
 * Waits for the turn in which one more call may go.
 * @returns {Promise<void> | undefined} undefined: it may go in this turn
 */
function nextSlot() {
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
 * Settles as the work does, and rejects in a turn of its own. While a debugger is attached, as Pulumi attaches one to
 * the programs that it runs, V8 before Node.js 24 searches at each `throw` through all promises that wait for it, which
 * takes for ever where they form a net. Here it finds a handler.
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

module.exports = { apart, rejectedApart, nextSlot }
