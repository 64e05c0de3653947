// @ts-check
'use strict'

// Changes the product by one small fault after the other, and checks whether a test fails for each: `npm run mutants`.
//
//   node scripts/mutants.js [--rows js|core|none] [--only WORDS] [--sample 200] [--seed 1] [--in-diff BASE]
//
// Rows are chosen faults: those of an earlier review, and more in the JavaScript. The sample is drawn from the mutants of
// cargo-mutants in the folders that scripts/mutants/sample.js names; 0 leaves it out. `--in-diff` includes only what changed
// since a commit. The run fails if fewer than 95 % are killed, or if one survives without a reason in
// scripts/mutants/survivors.js. It needs the addon (npm run build) and cargo-mutants.

const { execFileSync } = require('node:child_process')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { coreRows } = require('./mutants/core-rows')
const { jsRows } = require('./mutants/js-rows')
const { runRows } = require('./mutants/row')
const { drawn, runSample } = require('./mutants/sample')
const { reasonFor } = require('./mutants/survivors')
const { Copy } = require('./mutants/copy')

/** @typedef {import('./mutants/row').Result} Result */

const root = path.join(__dirname, '..')

/** How many of a hundred mutants must be killed. */
const LEAST_KILLED = 95

const OPTIONS = /** @type {const} */ ({
  rows: { type: 'string' },
  only: { type: 'string', default: '' },
  sample: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  'in-diff': { type: 'string' },
})

function main() {
  const { values } = parseArgs({ options: OPTIONS })
  const base = values['in-diff']
  const copy = new Copy(root)
  const results = [...runRows(copy, rowsOf(values, changedFiles(base))), ...sampled(copy, Number(values.sample), Number(values.seed), base)]
  process.exitCode = report(results) ? 0 : 1
}

/**
 * @param {{ rows?: string, only: string }} values
 * @param {Set<string> | undefined} changed
 */
function rowsOf({ rows, only }, changed) {
  const all = { js: jsRows, core: coreRows, none: [] }
  const chosen = rows === undefined ? [...jsRows, ...coreRows] : all[/** @type {keyof typeof all} */ (rows)]
  if (chosen === undefined) throw new Error(`--rows is js, core or none, not ${rows}`)
  return chosen.filter(({ name, file }) => name.includes(only) && (changed?.has(file) ?? true))
}

/**
 * @param {Copy} copy
 * @param {number} count
 * @param {number} seed
 * @param {string} [base]
 */
function sampled(copy, count, seed, base) {
  if (count === 0) return []
  const mutants = drawn(copy, count, seed, base && git('diff', base))
  return mutants.length === 0 ? [] : runSample(copy, mutants)
}

/** @param {string} [base] */
function changedFiles(base) {
  return base === undefined ? undefined : new Set(git('diff', '--name-only', base).split('\n'))
}

/** @param {string[]} parameters */
function git(...parameters) {
  return execFileSync('git', parameters, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
}

/**
 * Prints how many were killed, and returns whether that is enough. A mutant that does not compile does not count. One whose
 * tests only did not end in time counts as a survivor.
 * @param {Result[]} results
 */
function report(results) {
  const judged = results.filter(({ outcome }) => outcome !== 'unviable' && outcome !== 'broken')
  const survivors = judged.filter(({ outcome }) => outcome !== 'killed')
  const unexplained = survivors.filter(({ name }) => reasonFor(name) === undefined)
  const broken = results.filter(({ outcome }) => outcome === 'broken')
  for (const { name, outcome } of survivors) console.log(`${outcome}: ${name}: ${reasonFor(name) ?? 'unexplained'}`)
  for (const { name } of broken) console.log(`does not compile: ${name}: correct its row`)
  const killed = judged.length - survivors.length
  const share = judged.length === 0 ? 100 : (100 * killed) / judged.length
  console.log(`${killed} of ${judged.length} killed (${share.toFixed(1)} %); ${results.length - judged.length} did not compile`)
  return share >= LEAST_KILLED && unexplained.length === 0 && broken.length === 0
}

main()
