// @ts-check
'use strict'

/** @typedef {import('../types').Metric} Metric */
/** @typedef {import('../types').Outcome} Outcome */
/** @typedef {import('../types').ScenarioReport} ScenarioReport */

/** The subject to which ratios refer: the others' figures as a multiple of this package's. */
const REFERENCE = 'ours'

/** @param {ScenarioReport} report */
function formatReport({ scenario, outcomes, verdicts, skipped, seconds }) {
  const lines = ['', `${scenario.name}: ${scenario.title}`]
  if (skipped) return [...lines, `  skipped: ${skipped}`].join('\n')
  lines.push(...align([header(scenario.metrics), ...outcomes.flatMap((one) => row(one, scenario.metrics, outcomes))]))
  lines.push(...outcomes.flatMap(failureLine))
  lines.push(...verdicts.map(({ text, verdict }) => `  target ${verdict}: ${text}`))
  if (scenario.note) lines.push(`  note: ${scenario.note}`)
  if (seconds !== undefined) lines.push(`  took ${seconds} s`)
  return lines.join('\n')
}

/** @param {Metric[]} metrics */
function header(metrics) {
  return ['', ...metrics.flatMap(({ label, unit, over }) => {
    const of = unit ? `${label}, ${unit}` : label
    return [over ? `${of} over ${over}` : of, '× ours']
  })]
}

/**
 * @param {Outcome} outcome
 * @param {Metric[]} metrics
 * @param {Outcome[]} outcomes
 */
function row(outcome, metrics, outcomes) {
  if (outcome.failure !== undefined) return []
  return [[outcome.subject.name, ...metrics.flatMap((metric) => cells(outcome, metric, outcomes))]]
}

/**
 * @param {Outcome} outcome
 * @param {Metric} metric
 * @param {Outcome[]} outcomes
 */
function cells(outcome, metric, outcomes) {
  const summary = outcome.metrics[metric.key]
  if (!summary) return ['–', '']
  const { median, min, max } = summary
  const text = formatNumber(median, metric.digits)
  const spread = min === max ? text : `${text} (${formatNumber(min, metric.digits)}–${formatNumber(max, metric.digits)})`
  return [spread, formatRatio(ratio(outcome, metric, outcomes))]
}

/**
 * This median as a multiple of this package's, or NaN without a meaningful one.
 *
 * @param {Outcome} outcome
 * @param {Metric} metric
 * @param {Outcome[]} outcomes
 */
function ratio(outcome, metric, outcomes) {
  const ours = outcomes.find(({ subject }) => subject.name === REFERENCE)?.metrics[metric.key]?.median ?? NaN
  const value = outcome.metrics[metric.key]?.median ?? NaN
  return ours > 0 && value > 0 ? value / ours : NaN
}

/** @param {number} value */
function formatRatio(value) {
  if (!Number.isFinite(value)) return ''
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2)
}

/**
 * @param {number} value
 * @param {number} [digits]
 */
function formatNumber(value, digits = 1) {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** @param {Outcome} outcome */
function failureLine({ subject, failure }) {
  if (failure === undefined) return []
  const state = subject.pending ? `pending (${subject.pending})` : 'FAILED'
  return [`  ${subject.name}: ${state}: ${failure}`]
}

/**
 * Aligns the first column to the left, and figures to the right.
 *
 * @param {string[][]} rows
 */
function align(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((one) => one[column].length)))
  return rows.map((one) => `  ${one
    .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
    .join('  ')}`.trimEnd())
}

module.exports = { formatReport, formatNumber, formatRatio, ratio }
