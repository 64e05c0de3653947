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

const ROOT = join(__dirname, '..', '..')
const DOCUMENT = join(ROOT, 'docs', 'performance.md')
const README = join(ROOT, 'README.md')
const IMAGES = join(ROOT, 'docs', 'images')

const COLUMNS = ['@azure/identity', '@azure/msal-node', 'floor', 'azure-client-token']
/** @type {Record<string, number>} */
const COLUMN_OF_PEER = { identity: 0, msal: 1, ours: 3 }
const FLOOR = 2

/**
 * Replaces the text between the marks of docs/performance.md, and of README.md if its scenario was run, and draws the chart again.
 *
 * @param {import('../types').Machine} machine
 * @param {ScenarioReport[]} reports
 */
function writeDocument(machine, reports) {
  const document = replaceTable(readFileSync(DOCUMENT, 'utf8'), formatTable(machine, reports))
  writeFileSync(DOCUMENT, document)
  const dropIn = reports.find(({ scenario }) => scenario.name === 'drop-in')
  if (dropIn) writeFileSync(README, replaceTable(readFileSync(README, 'utf8'), formatDropIn(machine, dropIn), 'drop-in'))
  writeCharts()
}

/** Draws the chart from the table in the document. */
function writeCharts() {
  const document = readFileSync(DOCUMENT, 'utf8')
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    writeFileSync(join(IMAGES, `performance-${theme}.svg`), chart(document, theme))
  }
}

/**
 * @param {string} text
 * @param {string} table
 * @param {string} [mark] the name of the place
 */
function replaceTable(text, table, mark = 'bench') {
  const [start, stop] = [`<!-- ${mark}:start -->`, `<!-- ${mark}:end -->`]
  const begin = text.indexOf(start)
  const end = text.indexOf(stop, begin)
  if (begin < 0 || end < 0) throw new Error(`the document has no place for the table: add the lines ${start} and ${stop}`)
  return `${text.slice(0, begin + start.length)}\n${table}\n${text.slice(end)}`
}

/**
 * The table that compares the drop-in with the original.
 *
 * @param {import('../types').Machine} machine
 * @param {ScenarioReport} report
 */
function formatDropIn(machine, { scenario, outcomes }) {
  const rows = scenario.metrics.map((metric) => {
    const cells = outcomes.map((outcome) => formatFigure(outcome, metric))
    return `| ${metric.label} | ${cells.join(' | ')} |`
  })
  const heads = [`\`@azure/identity\` ${machine.peers['@azure/identity']}`, '`azure-client-token/identity`']
  return [`| | ${heads.join(' | ')} |`, '| --- | ---: | ---: |', ...rows, '', `Measured ${formatMachine(machine)}.`].join('\n')
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
  const figure = formatFigure(outcome, metric)
  if (!figure) return []
  const times = formatRatio(ratio(outcome, metric, outcomes))
  const { name, peer } = outcome.subject
  const label = column === FLOOR || name !== peer ? `${name}: ` : ''
  return [`${label}${figure}${times && peer !== 'ours' ? ` (${times} ×)` : ''}`]
}

/**
 * The median with its unit, or an empty text without one.
 *
 * @param {Outcome} outcome
 * @param {Metric} metric
 */
function formatFigure({ metrics }, { key, digits, unit }) {
  const summary = metrics[key]
  return summary ? [formatNumber(summary.median, digits), unit].filter(Boolean).join(' ') : ''
}

module.exports = { writeDocument, writeCharts, replaceTable, formatDropIn, formatTable }
