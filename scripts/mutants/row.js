// @ts-check
'use strict'

/**
 * A fault: a text that occurs once in a file, its replacement, and the tests of which one must fail. They are files of the
 * JavaScript tests, or words for `cargo test`. A fault of the core that only JavaScript's tests detect is built into the
 * copy's addon.
 * @typedef {object} Row
 * @property {string} name
 * @property {string} file
 * @property {string} search
 * @property {string} replace
 * @property {string[]} tests
 */

/** @typedef {{ name: string, outcome: 'killed' | 'survived' | 'timeout' | 'unviable' | 'broken' }} Result a broken one is a row that does not compile */
/** @typedef {import('./copy').Copy} Copy */

const CORE = ['test', '--package', 'azure-client-token-core', '--quiet']
/** A test that fails for a call that never ends leaves that call behind, which would keep its process alive. */
const TEST = ['--test', '--test-force-exit']
const ADDON = ['napi', 'build', '--platform', '--no-js', '--dts', 'binding.d.ts']

/**
 * The rows of one file with the same tests: name, search text and replacement of each.
 * @param {string} file
 * @param {string[]} tests
 * @param {[string, string, string][]} faults
 * @returns {Row[]}
 */
function rowsOf(file, tests, faults) {
  return faults.map(([name, search, replace]) => ({ name, file, search, replace, tests }))
}

/**
 * @param {Copy} copy
 * @param {Row[]} rows
 * @returns {Result[]}
 */
function runRows(copy, rows) {
  checkBaseline(copy, rows)
  return rows.map((row) => {
    const outcome = outcomeOf(copy, row)
    console.log(`${outcome}: ${row.name}`)
    return { name: row.name, outcome }
  })
}

/**
 * Tests that fail without a mutant would kill every one.
 * @param {Copy} copy
 * @param {Row[]} rows
 */
function checkBaseline(copy, rows) {
  if (rows.some(needsAddon) && !isBuilt(copy)) throw new Error('the addon cannot be built')
  for (const tests of new Set(rows.map(({ tests }) => tests.join(' ')))) {
    if (!passesOnce(copy, tests.split(' '))) throw new Error(`these tests fail without any mutant (is the addon built?): ${tests}`)
  }
}

/**
 * @param {Copy} copy
 * @param {Row} row
 * @returns {Result['outcome']}
 */
function outcomeOf(copy, row) {
  const text = copy.read(row.file)
  copy.write(row.file, mutated(row, text))
  try {
    if (!isViable(copy, row)) return 'broken'
    return passesOnce(copy, row.tests) ? 'survived' : 'killed'
  } finally {
    copy.write(row.file, text)
  }
}

/**
 * @param {Row} row
 * @param {string} text of its file
 */
function mutated({ name, file, search, replace }, text) {
  const [before, after, ...others] = text.split(search)
  if (after === undefined || others.length > 0) throw new Error(`${name}: its text occurs ${others.length === 0 ? 'nowhere' : 'several times'} in ${file}`)
  return before + replace + after
}

/**
 * @param {Copy} copy
 * @param {Row} row
 */
function isViable(copy, row) {
  if (!row.file.endsWith('.rs')) return copy.run(process.execPath, ['--check', row.file]).status === 0
  return needsAddon(row) ? isBuilt(copy) : copy.run('cargo', [...CORE, '--no-run', ...row.tests]).status === 0
}

/** @param {Copy} copy */
function isBuilt(copy) {
  return copy.run('npx', ADDON).status === 0
}

/** @param {Row} row */
function needsAddon({ file, tests }) {
  return file.endsWith('.rs') && ofJavaScript(tests)
}

/** @param {string[]} tests */
function ofJavaScript(tests) {
  return tests.some((test) => test.endsWith('.js'))
}

/**
 * Returns whether the tests pass in one of two tries: some measure a time, which a busy machine distorts.
 * @param {Copy} copy
 * @param {string[]} tests
 */
function passesOnce(copy, tests) {
  return passes(copy, tests) || passes(copy, tests)
}

/**
 * @param {Copy} copy
 * @param {string[]} tests
 */
function passes(copy, tests) {
  const { status } = ofJavaScript(tests) ? copy.run(process.execPath, [...TEST, ...tests]) : copy.run('cargo', [...CORE, ...tests])
  return status === 0
}

module.exports = { mutated, rowsOf, runRows }
