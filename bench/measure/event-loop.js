// @ts-check
'use strict'

const { monitorEventLoopDelay } = require('node:perf_hooks')
const { setTimeout: sleep } = require('node:timers/promises')

const RESOLUTION = 1
// The monitor measures a delay only between two of its own ticks: it must tick before the work starts, and again after its end. (A reset in
// between would discard the first tick.)
const SETTLE = 20

/**
 * Runs work and returns the longest time for which it blocked the event loop.
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
