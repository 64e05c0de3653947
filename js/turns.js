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

module.exports = { room }
