// @ts-check
'use strict'

const { inParallel, timePerCall } = require('../measure/calls')
const { readSettings } = require('../settings')

/**
 * Fills a cache step by step. At each step: the time of a call for the first
 * token, and the bytes that are live.
 *
 * @param {import('../types').Peer} peer
 * @param {{ steps: number[], width: number, batches: number, batchTime: number } & Record<string, any>} parameters
 */
module.exports = async (peer, { steps, width, batches, batchTime, ...parameters }) => {
  const timing = { batches, batchTime }
  const client = peer.openSecret?.(readSettings(), parameters)
  if (!client) throw new Error('this peer has no such client')
  /** @type {import('../types').Sample} */
  const answer = {}
  for (const [index, step] of steps.entries()) {
    await fill(client, steps[index - 1] ?? 0, step, width)
    // Before the call is timed: what the filling has left to the collector is not the call's.
    answer[`live${step}`] = liveBytes()
    answer[`call${step}`] = await timePerCall(() => client.token(resource(0)), timing)
  }
  return answer
}

/**
 * @param {import('../types').Client} client
 * @param {number} from
 * @param {number} to
 * @param {number} width how many calls are under way at once
 */
function fill(client, from, to, width) {
  return inParallel(to - from, width, (index) => client.token(resource(from + index)))
}

/** @param {number} index */
function resource(index) {
  return `https://resource-${index}.example`
}

/** What V8 still holds after a collection. */
function liveBytes() {
  /** @type {any} */ (globalThis).gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
