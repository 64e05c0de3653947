// @ts-check
'use strict'

const { inParallel, timePerCall } = require('../measure/calls')
const { readSettings } = require('../settings')

/**
 * Fills a cache in steps. Each step measures the time of a call for the first token, and the live bytes.
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
    // Before the measurement, so that the garbage of the step does not count for the call.
    answer[`live${step}`] = liveBytes()
    answer[`call${step}`] = await timePerCall(() => client.token(resource(0)), timing)
  }
  return answer
}

/**
 * @param {import('../types').Client} client
 * @param {number} from
 * @param {number} to
 * @param {number} width the number of simultaneous calls
 */
function fill(client, from, to, width) {
  return inParallel(to - from, width, (index) => client.token(resource(from + index)))
}

/** @param {number} index */
function resource(index) {
  return `https://resource-${index}.example`
}

/** The bytes that V8 still uses after a garbage collection. */
function liveBytes() {
  /** @type {any} */ (globalThis).gc()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
