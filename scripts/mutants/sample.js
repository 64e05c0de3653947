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

/**
 * The tests that see these modules, the quickest first: only what survives those meets the next ones. The models of the cache
 * and of a fleet go through 10,000 schedules, which takes five times as long as all other tests of the library.
 */
const TESTS = [
  { programs: ['--lib'], words: ['--', '--skip', 'model'] },
  { programs: ['--lib'], words: ['model'] },
  { programs: ['--test=scenarios', '--test=no_proxy', '--test=client_config'], words: ['--', '--skip', 'what_looks_like_a_secret'] },
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
    const left = results.filter(({ outcome }) => outcome === 'survived').map(({ name }) => name)
    const others = results.filter(({ outcome }) => outcome !== 'survived')
    return left.length === 0 ? others : [...others, ...runTests(copy, left, tests)]
  }, names.map((name) => /** @type {Result} */ ({ name, outcome: 'survived' })))
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
  const lists = { survived: ['missed'], killed: ['caught', 'timeout'], unviable: ['unviable'] }
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
