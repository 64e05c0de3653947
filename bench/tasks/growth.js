// @ts-check
'use strict'

const { inParallel, timePerCall } = require('../measure/calls')
const { readSettings } = require('../settings')

const WIDTH = 32

/**
 * Fills a cache step by step. At each step: the time of a call for the first
 * token; at the end: the bytes that a token holds.
 *
 * @param {import('../types').Peer} peer
 * @param {{ steps: number[], batches: number, batchTime: number }} parameters
 */
module.exports = async (peer, { steps, ...timing }) => {
  const client = peer.openSecret?.(readSettings(), {})
  if (!client) throw new Error('this peer has no such client')
  /** @type {import('../types').Sample} */
  const answer = {}
  await fill(client, 0, steps[0])
  const before = liveBytes()
  for (const [index, step] of steps.entries()) {
    await fill(client, steps[index - 1] ?? 0, step)
    answer[`call${step}`] = await timePerCall(() => client.token(resource(0)), timing)
  }
  const after = liveBytes()
  const added = steps[steps.length - 1] - steps[0]
  return { ...answer, heap: (after.heap - before.heap) / added, resident: (after.resident - before.resident) / added }
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

/** What is still held after a collection: by V8, and by the whole process (an upper bound for native memory). */
function liveBytes() {
  /** @type {any} */ (globalThis).gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, resident: rss }
}
