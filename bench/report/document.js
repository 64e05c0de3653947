// @ts-check
'use strict'

const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const { chart } = require('./chart')

const { formatMachine } = require('./machine')
const { formatNumber, formatRatio, ratio } = require('./table')

/** @typedef {import('../types').ScenarioReport} ScenarioReport */
/** @typedef {import('../types').Metric} Metric */
/** @typedef {import('../types').Outcome} Outcome */

const DOCUMENT = join(__dirname, '..', '..', 'docs', 'performance.md')
const IMAGES = join(__dirname, '..', '..', 'docs', 'images')
const BEGIN = '<!-- bench:start -->'
const END = '<!-- bench:end -->'

const COLUMNS = ['@azure/identity', '@azure/msal-node', 'floor', 'azure-client-token']
/** @type {Record<string, number>} */
const COLUMN_OF_PEER = { identity: 0, msal: 1, ours: 3 }
const FLOOR = 2

/**
 * Replaces what stands between the two marks of docs/performance.md, and draws the chart of it anew.
 *
 * @param {import('../types').Machine} machine
 * @param {ScenarioReport[]} reports
 */
function writeDocument(machine, reports) {
  const document = replaceTable(readFileSync(DOCUMENT, 'utf8'), formatTable(machine, reports))
  writeFileSync(DOCUMENT, document)
  writeCharts()
}

/** The chart of the table that stands in the document. */
function writeCharts() {
  const document = readFileSync(DOCUMENT, 'utf8')
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    writeFileSync(join(IMAGES, `performance-${theme}.svg`), chart(document, theme))
  }
}

/**
 * @param {string} text
 * @param {string} table
 */
function replaceTable(text, table) {
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END, begin)
  if (begin < 0 || end < 0) throw new Error(`docs/performance.md has no place for the table: add the lines ${BEGIN} and ${END}`)
  return `${text.slice(0, begin + BEGIN.length)}\n${table}\n${text.slice(end)}`
}

/**
 * @param {import('../types').Machine} machine
 * @param {ScenarioReport[]} reports
 */
function formatTable(machine, reports) {
  const rows = reports.flatMap((report) => report.scenario.metrics
    .filter(({ headline }) => headline)
    .map((metric) => formatRow(report, metric)))
  return [
    `| work (medians) | ${COLUMNS.join(' | ')} |`,
    `| --- |${' --- |'.repeat(COLUMNS.length)}`,
    ...rows,
    '',
    `Measured ${formatMachine(machine)}.`,
    'In brackets: how many times ours.',
  ].join('\n')
}

/**
 * @param {ScenarioReport} report
 * @param {Metric} metric
 */
function formatRow({ scenario, outcomes }, metric) {
  /** @type {string[][]} */
  const columns = COLUMNS.map(() => [])
  for (const outcome of outcomes) {
    const column = COLUMN_OF_PEER[outcome.subject.peer] ?? FLOOR
    columns[column].push(...formatCell(outcome, metric, outcomes, column))
  }
  const unit = [metric.label, metric.over && `over ${metric.over}`].filter(Boolean).join(' ')
  return `| ${scenario.title}: ${unit} | ${columns.map((cells) => cells.join('<br>') || '–').join(' | ')} |`
}

/**
 * @param {Outcome} outcome
 * @param {Metric} metric
 * @param {Outcome[]} outcomes
 * @param {number} column
 */
function formatCell(outcome, metric, outcomes, column) {
  const summary = outcome.metrics[metric.key]
  if (!summary) return []
  const figure = [formatNumber(summary.median, metric.digits), metric.unit].filter(Boolean).join(' ')
  const times = formatRatio(ratio(outcome, metric, outcomes))
  const { name, peer } = outcome.subject
  const label = column === FLOOR || name !== peer ? `${name}: ` : ''
  return [`${label}${figure}${times && peer !== 'ours' ? ` (${times} ×)` : ''}`]
}

module.exports = { writeDocument, writeCharts, replaceTable, formatTable }
