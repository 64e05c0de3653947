// @ts-check
'use strict'

/** @typedef {import('../types').Subject} Subject */
/** @typedef {{ subject: Subject, samples: import('../types').Sample[], failure?: string }} Row */

/**
 * Measures every subject once in each round, so that a slow phase of the machine affects all of them. Each round begins with another
 * subject, because a heavy subject slows the next one down.
 *
 * @param {Subject[]} subjects
 * @param {number} count
 * @param {(subject: Subject) => Promise<import('../types').Sample>} measure
 * @param {(error: unknown) => string} explain
 * @returns {Promise<Row[]>}
 */
async function interleave(subjects, count, measure, explain) {
  /** @type {Row[]} */
  const rows = subjects.map((subject) => ({ subject, samples: [] }))
  for (let round = 0; round < count; round++) {
    for (const row of rotate(rows, round)) await sample(row, measure, explain)
  }
  return rows
}

/**
 * A subject that has failed is not measured again: its row is invalid anyway, and failures are often slow.
 *
 * @param {Row} row
 * @param {(subject: Subject) => Promise<import('../types').Sample>} measure
 * @param {(error: unknown) => string} explain
 */
async function sample(row, measure, explain) {
  if (row.failure !== undefined) return
  try {
    row.samples.push(await measure(row.subject))
  } catch (error) {
    row.failure = explain(error)
  }
}

/**
 * @template T
 * @param {T[]} items
 * @param {number} by
 */
function rotate(items, by) {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

module.exports = { interleave }
