// @ts-check
'use strict'

/** @typedef {import('../types').Subject} Subject */
/** @typedef {{ subject: Subject, samples: import('../types').Sample[], failure?: string }} Row */

/**
 * Measures every subject once a round, so that a slow moment of the machine
 * meets all of them. The first to run changes from round to
 * round, because what runs after a heavy one pays for its dust.
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
 * A subject that failed once is not tried again: its row is lost anyway, and
 * failures tend to be slow.
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
