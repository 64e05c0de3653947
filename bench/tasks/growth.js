// @ts-check
'use strict'

const { inParallel, timePerCall } = require('../measure/calls')
const { readSettings } = require('../settings')

const WIDTH = 32

/**
 * Fills a cache step by step. At each step: the time of a call for the first
 * token; of the last one: the bytes that a token holds, without what is there once.
 *
 * @param {import('../types').Peer} peer
 * @param {{ steps: number[], batches: number, batchTime: number } & Record<string, any>} parameters
 */
module.exports = async (peer, { steps, batches, batchTime, ...parameters }) => {
  const timing = { batches, batchTime }
  const client = peer.openSecret?.(readSettings(), parameters)
  if (!client) throw new Error('this peer has no such client')
  /** @type {import('../types').Sample} */
  const answer = {}
  let [before, after, added] = [liveBytes(), liveBytes(), 0]
  for (const [index, step] of steps.entries()) {
    const held = steps[index - 1] ?? 0
    await fill(client, held, step)
    answer[`call${step}`] = await timePerCall(() => client.token(resource(0)), timing)
    ;[before, after, added] = [after, liveBytes(), step - held]
  }
  return { ...answer, heap: (after - before) / added }
}

/**
 * @param {import('../types').Client} client
 * @param {number} from
 * @param {number} to
 */
function fill(client, from, to) {
  return inParallel(to - from, WIDTH, (index) => client.token(resource(from + index)))
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
