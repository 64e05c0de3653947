// @ts-check
'use strict'

const { setImmediate } = require('./timers')

/**
 * The number of calls that start in native code in one turn of the event loop. Further calls wait for later turns. A
 * thousand in one turn would block the loop for twice as long, because the native threads that they wake need the processors
 * as well.
 */
const AT_ONCE = 8

/** The number of waiting calls that start in each later turn. They take about a millisecond. */
const MOST_A_TURN = 64

/** The number of calls that have started in this turn. */
let started = 0

/** The waiting calls, oldest first. @type {(() => void)[]} */
const waiting = []

/** Functions that run when the calls of this turn have started. */
const soon = Promise.resolve()

/**
 * Waits for a turn in which another call may start.
 * @returns {Promise<number> | undefined} for how many milliseconds the call has waited; undefined: it may start in this turn
 */
function nextSlot() {
  if (started === 0) soon.then(nextTurn)
  if (started >= AT_ONCE) return laterTurn()
  started += 1
  return undefined
}

/** @returns {Promise<number>} */
function laterTurn() {
  const made = performance.now()
  return new Promise((resolve) => waiting.push(() => resolve(performance.now() - made)))
}

function nextTurn() {
  setImmediate(begin)
}

/** Begins a turn: starts the calls that have waited longest. */
function begin() {
  const next = waiting.splice(0, MOST_A_TURN)
  started = next.length
  if (started > 0) setImmediate(begin)
  for (const start of next) start()
}

/**
 * Runs some work and settles as it does, but rejects in a later turn of the event loop. Pulumi attaches a debugger to the
 * programs that it runs. While one is attached, V8 before Node.js 24 searches all promises that wait for the work for a
 * handler at each `throw`; if many promises wait for each other, that never ends. Here V8 finds a handler at once.
 * @template T
 * @param {() => Promise<T>} work
 * @param {() => void} [ended] called before the promise settles
 * @returns {Promise<T>}
 */
function rejectingLater(work, ended = () => {}) {
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
 * Rejects in a later turn, for the same reason. The error is created in that turn.
 * @param {() => unknown} error
 * @returns {Promise<never>}
 */
function rejectLater(error) {
  return new Promise((_, reject) => setImmediate(() => reject(error())))
}

module.exports = { rejectingLater, rejectLater, nextSlot }
