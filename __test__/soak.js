// @ts-check
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')

/**
 * `npm run soak -- --minutes 10` makes calls under random faults for ten minutes: every promise must settle, with an expected class, no
 * output may contain a secret, and the resident memory must not grow. `--seed N` repeats the decisions of a run, `--json` prints the report
 * for a program. `npm run soak -- --table` measures the times in docs/faults.md instead.
 */

const OPTIONS = /** @type {const} */ ({
  minutes: { type: 'string', default: '10' },
  seconds: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  table: { type: 'boolean', default: false },
})

const MIB = 1024 * 1024
const MINUTE = 60_000
const WARM_UP = 2 * MINUTE
/** With fewer samples than those of five minutes, a single step of the allocator would look like a slope. */
const LEAST_SAMPLES = 300
const STEEPEST = 1
/** The report prints every thirtieth sample: a slope alone does not distinguish a step from steady growth. */
const SAMPLES_A_LINE = 30

async function main() {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.table) return writeTable()
  const milliseconds = values.seconds ? Number(values.seconds) * 1000 : Number(values.minutes) * MINUTE
  const seed = values.seed ? Number(values.seed) : Math.floor(Math.random() * 2 ** 31)
  if (!values.json) console.log(`seed ${seed}, ${milliseconds / 1000} s`)
  const { report, slope } = await soak(seed, milliseconds)
  if (values.json) console.log(JSON.stringify({ ...report, slope }))
  else print(report, slope)
  if (!isClean(report) || (slope !== undefined && slope >= STEEPEST)) process.exitCode = 1
}

/**
 * @param {number} seed
 * @param {number} milliseconds
 */
async function soak(seed, milliseconds) {
  const { chaos } = require('./support/chaos')
  const start = performance.now()
  /** @type {[number, number][]} */
  const samples = []
  const sample = () => {
    const elapsed = performance.now() - start
    if (elapsed > WARM_UP) samples.push([elapsed / MINUTE, process.memoryUsage.rss() / MIB])
    if (samples.length % SAMPLES_A_LINE === 1) console.error(`${samples.at(-1)?.map((number) => number.toFixed(1)).join(' min: ')} MiB`)
  }
  const report = await chaos({ seed, milliseconds, sample })
  return { report, slope: samples.length < LEAST_SAMPLES ? undefined : fittedSlope(samples) }
}

/**
 * The slope of the line that fits the pairs by least squares.
 * @param {[number, number][]} pairs
 */
function fittedSlope(pairs) {
  const mean = (/** @type {0 | 1} */ part) => pairs.reduce((sum, pair) => sum + pair[part], 0) / pairs.length
  const [x, y] = [mean(0), mean(1)]
  const covariance = pairs.reduce((sum, pair) => sum + (pair[0] - x) * (pair[1] - y), 0)
  return covariance / pairs.reduce((sum, pair) => sum + (pair[0] - x) ** 2, 0)
}

/** @param {import('./support/chaos').Report} report */
function isClean({ unsettled, wrong, secrets, surprises }) {
  return unsettled + wrong.length + secrets.length + surprises.length === 0
}

/**
 * @param {import('./support/chaos').Report} report
 * @param {number | undefined} slope
 */
function print({ calls, workers, outcomes, unsettled, wrong, secrets, surprises, before, after }, slope) {
  console.log(`${calls} calls and ${workers} workers:`, outcomes)
  console.log(`unsettled ${unsettled}, wrong ${wrong.length}, secrets ${secrets.length}, surprises ${surprises.length}`)
  for (const text of [...wrong, ...secrets, ...surprises].slice(0, 20)) console.log(`- ${text}`)
  console.log('held before:', before, '\nheld after:', after)
  console.log(slope === undefined ? 'memory: too short a run for a slope' : `memory: ${slope.toFixed(2)} MiB a minute`)
}

/** Runs each fault alone, because other work would falsify the measured time. */
async function writeTable() {
  const { startFaultServers } = require('./support/fault-servers')
  const { faults } = require('./support/faults')
  const { assertPromised, provoke } = require('./support/fault-runner')
  const { nameOf, rows } = require('./support/fault-table')
  const servers = await startFaultServers()
  /** @type {Map<string, number>} */
  const times = new Map()
  for (const fault of faults.filter(({ scenario }) => !scenario)) {
    const outcome = await provoke(fault, servers)
    assertPromised(fault, outcome)
    times.set(nameOf(fault), outcome.milliseconds)
  }
  await servers.close()
  replaceTable(rows(times))
}

/** @param {string[]} rows */
function replaceTable(rows) {
  const file = path.join(__dirname, '..', 'docs', 'faults.md')
  const table = ['| fault | what the caller gets | promised | measured |', '| --- | --- | --- | --- |', ...rows].join('\n')
  const text = fs.readFileSync(file, 'utf8')
  fs.writeFileSync(file, text.replace(/(<!-- table -->\n).*(<!-- end -->)/s, `$1${table}\n$2`))
}

main()
