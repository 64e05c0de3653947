// @ts-check
'use strict'

const { monitorEventLoopDelay } = require('node:perf_hooks')
const { setTimeout: sleep } = require('node:timers/promises')

const RESOLUTION = 1
// The monitor sees a delay only between two of its own ticks: it must have
// ticked before the work starts, and once more after it has ended. (To reset it
// in between would make it forget the tick before.)
const SETTLE = 20

/**
 * Runs work and tells for how long it held the event loop, at most, in one go.
 *
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number>} milliseconds
 */
async function longestBlock(work) {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION })
  monitor.enable()
  await sleep(SETTLE)
  await work()
  await sleep(SETTLE)
  monitor.disable()
  return Math.max(0, monitor.max / 1e6 - RESOLUTION)
}

module.exports = { longestBlock }
