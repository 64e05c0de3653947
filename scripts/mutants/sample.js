// @ts-check
'use strict'

const { rmSync } = require('node:fs')
const path = require('node:path')

/** @typedef {import('./copy').Copy} Copy */
/** @typedef {import('./row').Result} Result */

/** The modules whose faults cost most: a wrong token, an unnecessary request, the wrong member of a chain. */
const MODULES = ['cache/**', 'flight.rs', 'flight/**', 'key.rs', 'chain.rs', 'chain/**', 'config/**', 'transport/retry*.rs', 'transport/deadline.rs', 'transport/connections.rs', 'transport/bounded_stream.rs']

/** Tests in files of their own: what a mutant leaves out of them is not compiled. */
const NO_PRODUCT = ['**/tests.rs', '**/tests/**', '**/model.rs']

const CARGO = ['mutants', '--package', 'azure-client-token-core', '--colors', 'never']

/** Each mutant is compiled again. */
const PATIENCE = 24 * 60 * 60_000

/** Tests that run 10,000 schedules, or wait for the clock: they take four times as long as all others of the library. */
const SLOW = ['model', 'store::machine']

/** Tests that do not use these modules. Some depend on the speed of the machine, so their failure would prove nothing. */
const OF_THE_HOST = 'host::'

/** The tests that use these modules, the fastest first. A mutant goes on to the next tests only if none has failed for it. */
const TESTS = [
  { programs: ['--lib'], words: ['--', ...[...SLOW, OF_THE_HOST].flatMap((words) => ['--skip', words])] },
  {
    programs: ['--test=scenarios', '--test=no_proxy', '--test=client_config', '--test=documents'],
    words: ['--', '--skip', 'what_looks_like_a_secret'],
  },
  { programs: ['--lib'], words: ['--', ...SLOW] },
]

/**
 * Returns the names of the mutants that the seed selects among all, or among those of a diff.
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
 * Returns the same numbers for the same seed: a linear congruential generator (Numerical Recipes), whose upper bits are
 * used.
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
 * Returns whether no test has failed for it yet. A test that did not end in time has detected nothing.
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
  // Version 27 of cargo-mutants tries each mutant that leaves out a field, whatever is selected; those of other files are
  // excluded.
  const files = [...new Set(names.map((name) => name.split(':')[0]))].flatMap((file) => ['--file', file])
  // Only these are compiled and run.
  const compiled = programs.map((program) => `--cargo-arg=${program}`)
  const { stdout, stderr } = copy.run('cargo', [...CARGO, '--in-place', ...files, ...chosen, ...compiled, '--', ...words], PATIENCE)
  const results = outcomesOf(copy).filter(({ name }) => names.includes(name))
  if (results.length < names.length) throw new Error(`cargo-mutants tried ${results.length} of ${names.length}: ${stdout}${stderr}`)
  return results
}

/** The names of outcomes in cargo-mutants. */
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
 * If one test has failed, it does not matter that another one never ended.
 * @param {Copy} copy
 * @param {Outcome} outcome
 * @returns {Result['outcome']}
 */
function judged(copy, { summary, log_path: log }) {
  const outcome = OUTCOMES[summary]
  return outcome === 'timeout' && /^test .*FAILED$/m.test(copy.read(path.join('mutants.out', log))) ? 'killed' : outcome
}

module.exports = { drawn, runSample, shuffled }
