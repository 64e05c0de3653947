// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

/**
 * The time of one awaited call, in microseconds: the median of batches that are long enough for the clock, after a warm-up of the same
 * length.
 *
 * @param {() => Promise<unknown>} call
 * @param {{ batches: number, batchTime: number }} options batchTime in milliseconds
 */
async function timePerCall(call, { batches, batchTime }) {
  const size = await batchSize(call, batchTime)
  const times = []
  for (let batch = 0; batch < batches; batch++) times.push(await timeBatch(call, size))
  times.sort((a, b) => a - b)
  return (times[times.length >> 1] / size) * 1e3
}

/**
 * Doubles the size until a batch takes long enough, which is also the warm-up.
 *
 * @param {() => Promise<unknown>} call
 * @param {number} batchTime
 */
async function batchSize(call, batchTime) {
  let size = 1
  while ((await timeBatch(call, size)) < batchTime) size *= 2
  return size
}

/**
 * @param {() => Promise<unknown>} call
 * @param {number} size
 */
async function timeBatch(call, size) {
  const start = performance.now()
  for (let index = 0; index < size; index++) await call()
  return performance.now() - start
}

/**
 * Runs `work` for `count` items, `width` at a time.
 *
 * @param {number} count
 * @param {number} width
 * @param {(index: number) => Promise<unknown>} work
 */
async function inParallel(count, width, work) {
  let next = 0
  const caller = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(width, count) }, caller))
}

module.exports = { timePerCall, inParallel }
