// @ts-check
'use strict'

const { readFileSync, rmSync } = require('node:fs')
const path = require('node:path')

/** @typedef {import('./copy').Copy} Copy */
/** @typedef {import('./row').Result} Result */

/** The modules whose mistakes cost most: another's token, a request too many, the wrong member of a chain. */
const MODULES = ['cache/**', 'flight.rs', 'flight/**', 'key.rs', 'chain.rs', 'chain/**', 'config/**', 'transport/retry*.rs', 'transport/deadline.rs', 'transport/connections.rs', 'transport/bounded_stream.rs']

/** Tests that are in files of their own: what of them is left out is not compiled. */
const NO_PRODUCT = ['**/tests.rs', '**/tests/**', '**/model.rs']

const CARGO = ['mutants', '--package', 'azure-client-token-core', '--colors', 'never']

/** Each mutant is built anew. */
const PATIENCE = 24 * 60 * 60_000

/** Tests that wait for the clock, or go through 10,000 schedules: five times as long as all others of the library. */
const SLOW = ['model', 'store::machine', 'host::commands']

/** The tests that see these modules, the quickest first: only what no test of one line fails for meets the next. */
const TESTS = [
  { programs: ['--lib'], words: ['--', ...SLOW.flatMap((words) => ['--skip', words])] },
  { programs: ['--test=scenarios', '--test=no_proxy', '--test=client_config'], words: ['--', '--skip', 'what_looks_like_a_secret'] },
  { programs: ['--lib'], words: ['--', ...SLOW] },
]

/**
 * The names of mutants that the seed draws among all, or among those of a diff.
 * @param {Copy} copy
 * @param {number} count
 * @param {number} seed
 * @param {string} [diff]
 * @returns {string[]}
 */
function drawn(copy, count, seed, diff) {
  if (diff !== undefined) copy.write('mutants.diff', diff)
  const modules = MODULES.flatMap((module) => ['--file', `crates/core/src/${module}`])
  const others = NO_PRODUCT.flatMap((module) => ['--exclude', module])
  const listed = copy.run('cargo', [...CARGO, '--list', ...modules, ...others, ...(diff === undefined ? [] : ['--in-diff', 'mutants.diff'])])
  if (listed.status !== 0) throw new Error(`cargo-mutants lists no mutants (cargo install cargo-mutants): ${listed.stderr}`)
  return shuffled(listed.stdout.split('\n').filter(Boolean), seed).slice(0, count)
}

/**
 * @param {string[]} names
 * @param {number} seed
 */
function shuffled(names, seed) {
  const random = randomNumbers(seed)
  for (let last = names.length - 1; last > 0; last -= 1) {
    const other = random.next().value % (last + 1)
    ;[names[last], names[other]] = [names[other], names[last]]
  }
  return names
}

/**
 * The same numbers for the same seed: a linear congruential generator (Numerical Recipes), of which the upper bits count.
 * @param {number} seed
 * @returns {Generator<number, never>}
 */
function* randomNumbers(seed) {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield state >>> 8
  }
}

/**
 * @param {Copy} copy
 * @param {string[]} names
 * @returns {Result[]}
 */
function runSample(copy, names) {
  return TESTS.reduce((results, tests) => {
    const left = results.filter(isLeft)
    const others = results.filter((result) => !isLeft(result))
    return left.length === 0 ? others : [...others, ...runTests(copy, left.map(({ name }) => name), tests)]
  }, names.map((name) => /** @type {Result} */ ({ name, outcome: 'survived' })))
}

/**
 * Whether no test has failed for it yet. One that did not end in time has found nothing wrong.
 * @param {Result} result
 */
function isLeft({ outcome }) {
  return outcome === 'survived' || outcome === 'timeout'
}

/**
 * @param {Copy} copy
 * @param {string[]} names
 * @param {typeof TESTS[number]} tests
 * @returns {Result[]}
 */
function runTests(copy, names, { programs, words }) {
  rmSync(path.join(copy.folder, 'mutants.out'), { recursive: true, force: true })
  const chosen = names.flatMap((name) => ['--re', `^${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`])
  // Version 27 of cargo-mutants tries each mutant that leaves out a field, whatever is chosen: those of other files are not wanted.
  const files = [...new Set(names.map((name) => name.split(':')[0]))].flatMap((file) => ['--file', file])
  // These alone are compiled, and run.
  const compiled = programs.map((program) => `--cargo-arg=${program}`)
  const { stdout, stderr } = copy.run('cargo', [...CARGO, '--in-place', ...files, ...chosen, ...compiled, '--', ...words], PATIENCE)
  const lists = { survived: ['missed'], killed: ['caught'], timeout: ['timeout'], unviable: ['unviable'] }
  const results = Object.entries(lists)
    .flatMap(([outcome, all]) => all.flatMap((list) => listOf(copy, list)).map((name) => ({ name, outcome })))
    .filter(({ name }) => names.includes(name))
  if (results.length < names.length) throw new Error(`cargo-mutants tried ${results.length} of ${names.length}: ${stdout}${stderr}`)
  return /** @type {Result[]} */ (results)
}

/**
 * @param {Copy} copy
 * @param {string} list
 */
function listOf(copy, list) {
  return readFileSync(path.join(copy.folder, 'mutants.out', `${list}.txt`), 'utf8').split('\n').filter(Boolean)
}

module.exports = { drawn, runSample, shuffled }
