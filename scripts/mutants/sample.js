// @ts-check
'use strict'

const { rmSync } = require('node:fs')
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

/** Tests that go through 10,000 schedules, or wait for the clock: four times as long as all others of the library. */
const SLOW = ['model', 'store::machine']

/** Tests that see none of these modules. Some depend on how quick the machine is: their failure would say nothing. */
const OF_THE_HOST = 'host::'

/** The tests that see these modules, the quickest first: only those that no test has failed for meet the next ones. */
const TESTS = [
  { programs: ['--lib'], words: ['--', ...[...SLOW, OF_THE_HOST].flatMap((words) => ['--skip', words])] },
  {
    programs: ['--test=scenarios', '--test=no_proxy', '--test=client_config', '--test=documents'],
    words: ['--', '--skip', 'what_looks_like_a_secret'],
  },
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
  const results = outcomesOf(copy).filter(({ name }) => names.includes(name))
  if (results.length < names.length) throw new Error(`cargo-mutants tried ${results.length} of ${names.length}: ${stdout}${stderr}`)
  return results
}

/** What cargo-mutants calls them. */
const OUTCOMES = /** @type {const} */ ({ MissedMutant: 'survived', CaughtMutant: 'killed', Timeout: 'timeout', Unviable: 'unviable' })

/**
 * @param {Copy} copy
 * @returns {Result[]}
 */
function outcomesOf(copy) {
  const { outcomes } = JSON.parse(copy.read('mutants.out/outcomes.json'))
  const ofMutants = outcomes.filter((/** @type {Outcome} */ { scenario }) => typeof scenario === 'object')
  return ofMutants.map((/** @type {Outcome} */ outcome) => ({ name: outcome.scenario.Mutant.name, outcome: judged(copy, outcome) }))
}

/** @typedef {{ scenario: { Mutant: { name: string } }, summary: keyof typeof OUTCOMES, log_path: string }} Outcome as cargo-mutants writes it */

/**
 * Where one test has failed, it does not matter that another one never ended.
 * @param {Copy} copy
 * @param {Outcome} outcome
 * @returns {Result['outcome']}
 */
function judged(copy, { summary, log_path: log }) {
  const outcome = OUTCOMES[summary]
  return outcome === 'timeout' && /^test .*FAILED$/m.test(copy.read(path.join('mutants.out', log))) ? 'killed' : outcome
}

module.exports = { drawn, runSample, shuffled }
