// @ts-check
'use strict'

/** @typedef {import('../types').Sample} Sample */

/**
 * @param {number[]} values at least one
 * @returns {import('../types').Summary}
 */
function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: median(sorted), min: sorted[0], max: sorted[sorted.length - 1], count: sorted.length }
}

/** @param {number[]} sorted */
function median(sorted) {
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * The values of a subject's metric. With a baseline, subtracts the baseline's value of the same round, because a machine's speed changes
 * from one round to the next.
 *
 * @param {string} key
 * @param {Sample[]} samples
 * @param {Sample[]} [baseline]
 */
function valuesOf(key, samples, baseline) {
  return samples
    .map((sample, round) => (sample[key] ?? NaN) - (baseline ? baseline[round]?.[key] ?? NaN : 0))
    .filter(Number.isFinite)
}

module.exports = { summarize, valuesOf }
