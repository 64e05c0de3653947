// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { describe, test } = require('node:test')

const { timePerCall } = require('../bench/measure/calls')
const { longestBlock } = require('../bench/measure/event-loop')
const { timeToError } = require('../bench/measure/failure')
const { runProcess } = require('../bench/measure/process')
const { interleave } = require('../bench/measure/rounds')
const { summarize, valuesOf } = require('../bench/measure/statistics')
const { parseOptions } = require('../bench/options')
const { chart, panelsOf } = require('../bench/report/chart')
const { formatDropIn, formatTable, replaceTable } = require('../bench/report/document')
const { formatReport } = require('../bench/report/table')
const { report, troubles } = require('../bench/runner')
const { chooseScenarios } = require('../bench/scenarios')

/** @typedef {import('../bench/types').Scenario} Scenario */

/** @type {Scenario} */
const SCENARIO = {
  name: 'example',
  title: 'an example',
  rounds: [2, 1],
  subjects: [{ name: 'floor', peer: 'https' }, { name: 'identity', peer: 'identity' }, { name: 'ours', peer: 'ours' }],
  metrics: [{ key: 'time', label: 'time', unit: 'ms', digits: 0, over: 'floor', headline: true }],
  measure: async () => ({}),
  targets: [{ text: 'a tenth', met: (median) => 10 * median('ours', 'time') <= median('identity', 'time') }],
}

const ROWS = [
  { subject: SCENARIO.subjects[0], samples: [{ time: 10 }, { time: 20 }] },
  { subject: SCENARIO.subjects[1], samples: [{ time: 110 }, { time: 140 }] },
  { subject: SCENARIO.subjects[2], samples: [{ time: 20 }, { time: 30 }] },
]

describe('statistics', () => {
  test('summarizes by the median', () => {
    assert.deepEqual(summarize([5, 1, 3]), { median: 3, min: 1, max: 5, count: 3 })
    assert.equal(summarize([4, 1, 3, 2]).median, 2.5)
  })

  test('subtracts the baseline of the same round, and leaves out what was not measured', () => {
    const samples = [{ time: 12 }, { time: 25 }, { time: NaN }]
    assert.deepEqual(valuesOf('time', samples, [{ time: 10 }, { time: 20 }, { time: 1 }]), [2, 5])
    assert.deepEqual(valuesOf('other', samples), [])
  })
})

describe('rounds', () => {
  test('take turns, begin with another subject each time, and drop a subject that fails', async () => {
    /** @type {string[]} */
    const order = []
    const rows = await interleave(SCENARIO.subjects, 3, async ({ name }) => {
      order.push(name)
      if (name === 'floor') throw new Error('broken')
      return { time: 1 }
    }, String)
    assert.deepEqual(order, ['floor', 'identity', 'ours', 'identity', 'ours', 'ours', 'identity'])
    assert.deepEqual(rows.map(({ samples, failure }) => [samples.length, failure]), [[0, 'Error: broken'], [3, undefined], [3, undefined]])
  })
})

describe('a report', () => {
  const reported = report(SCENARIO, ROWS)

  test('has medians over the baseline, ratios and verdicts', () => {
    assert.equal(reported.outcomes[2].metrics.time.median, 10)
    assert.deepEqual(reported.verdicts, [{ text: 'a tenth', verdict: 'met' }])
    assert.match(formatReport(reported), /identity +110 \(100–120\) +11/)
  })

  test('does not judge missing measurements', () => {
    const partial = report(SCENARIO, [ROWS[0], { ...ROWS[1], failure: 'broken' }, ROWS[2]])
    assert.deepEqual(partial.verdicts, [{ text: 'a tenth', verdict: 'unknown' }])
    assert.match(formatReport(partial), /identity: FAILED: broken/)
  })

  test('fails the run for a subject that is broken, or is no longer pending', () => {
    const pending = { name: 'ours', peer: 'ours', pending: 'a reason' }
    assert.deepEqual(troubles(reported), [])
    assert.deepEqual(troubles(report(SCENARIO, [{ ...ROWS[1], failure: 'broken' }])), ['example, identity: broken'])
    assert.deepEqual(troubles(report(SCENARIO, [{ subject: pending, samples: [], failure: 'broken' }])), [])
    assert.match(troubles(report(SCENARIO, [{ subject: pending, samples: [{ time: 1 }] }]))[0], /no longer pending/)
  })

  test('becomes a table of the document, between its marks', () => {
    const machine = { date: '2000-01-01', cpu: 'a processor', cores: 2, memory: 4, system: 'Linux x64', node: 'v20', peers: {} }
    const table = formatTable(machine, [reported])
    assert.match(table, /\| an example: time over floor \| 110 ms \(11 ×\) \| – \| – \| 10 ms \|/)
    const marks = ['<!-- bench:start -->', '<!-- bench:end -->']
    const text = replaceTable(`before\n${marks[0]}\nold\n${marks[1]}\nafter\n`, table)
    assert.equal(text, `before\n${marks[0]}\n${table}\n${marks[1]}\nafter\n`)
    assert.throws(() => replaceTable('no marks', table), /no place for the table/)
  })

  test('of one import becomes a table of the README, which has its place', () => {
    const machine = { date: '2000-01-01', cpu: 'a processor', cores: 2, memory: 4, system: 'Linux x64', node: 'v20', peers: { '@azure/identity': '4.0.0' } }
    const table = formatDropIn(machine, report(SCENARIO, ROWS))
    assert.match(table, /`@azure\/identity` 4\.0\.0 \| `azure-client-token\/identity`/)
    assert.match(table, /\| time \|.* 110 ms \| 10 ms \|$/m)
    const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8')
    assert.ok(replaceTable(readme, 'the table', 'drop-in').includes('<!-- drop-in:start -->\nthe table\n<!-- drop-in:end -->'))
  })

  test('has its place in docs/performance.md', () => {
    const document = readFileSync(join(__dirname, '..', 'docs', 'performance.md'), 'utf8')
    assert.ok(replaceTable(document, 'the table').includes('<!-- bench:start -->\nthe table\n<!-- bench:end -->'))
  })

  test('is drawn as the chart that the documents show', () => {
    const docs = join(__dirname, '..', 'docs')
    const document = readFileSync(join(docs, 'performance.md'), 'utf8')
    assert.ok(panelsOf(document).length === 6 && panelsOf(document).every(({ bars }) => bars.length === 3), 'every row of the chart is in the table')
    for (const theme of /** @type {const} */ (['light', 'dark'])) {
      const drawn = readFileSync(join(docs, 'images', `performance-${theme}.svg`), 'utf8')
      assert.equal(drawn, chart(document, theme), 'draw it again: npm run bench -- --charts')
    }
  })
})

describe('measuring', () => {
  test('detects a blocked event loop, and not an idle one', async () => {
    const block = async () => {
      const end = performance.now() + 150
      while (performance.now() < end);
    }
    assert.ok(await longestBlock(block) > 100)
    assert.ok(await longestBlock(async () => {}) < 100)
  })

  test('distinguishes a call of a millisecond from an empty one', async () => {
    const timing = { batches: 3, batchTime: 5 }
    const slow = await timePerCall(() => new Promise((resolve) => setTimeout(resolve, 1)), timing)
    const fast = await timePerCall(async () => {}, timing)
    assert.ok(slow > 900, `${slow} µs`)
    assert.ok(fast < slow)
  })

  test('does not count an error as a refusal', async () => {
    const { error } = await timeToError(() => Promise.reject(new Error('refused')))
    assert.equal(error.message, 'refused')
    await assert.rejects(timeToError(() => Promise.reject(new TypeError('a mistake'))), TypeError)
    await assert.rejects(timeToError(async () => {}), /must fail/)
  })

  test('reads the report of a process, and names why the process failed', async () => {
    const run = (/** @type {string} */ script, timeout = 20_000) =>
      runProcess([process.execPath, '-e', script], { environment: {}, timeout })
    assert.deepEqual((await run("fs.writeSync(3, '{\"answer\":{\"time\":7}}\\n')")).answer, { time: 7 })
    await assert.rejects(run("throw new Error('on purpose')"), /exit code 1: Error: on purpose/)
    await assert.rejects(run('setInterval(() => {}, 1000)', 300), /ended by SIGKILL/)
  })
})

describe('options', () => {
  test('choose scenarios by parts of their names', () => {
    assert.deepEqual(chooseScenarios(['many-scopes']).map(({ name }) => name), ['many-scopes-0ms', 'many-scopes-200ms'])
    assert.throws(() => chooseScenarios(['nonsense']), /no scenario has the name nonsense/)
  })

  test('write the document only after complete rounds, of all scenarios or of some', () => {
    assert.throws(() => parseOptions(['--write', '--quick']), /complete rounds/)
    assert.deepEqual(parseOptions(['--write', '--only', 'warm']).only, ['warm'])
    assert.deepEqual(parseOptions(['--only', 'warm', '--json', 'out.json']).only, ['warm'])
    assert.throws(() => parseOptions(['--unknown']))
  })

  test('every scenario has its own name, and a baseline among its subjects', () => {
    const scenarios = chooseScenarios([])
    assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length)
    for (const { name, subjects, metrics } of scenarios) {
      const names = new Set(subjects.map((subject) => subject.name))
      assert.equal(names.size, subjects.length, name)
      for (const { over } of metrics) assert.ok(over === undefined || names.has(over), `${name}: ${over}`)
    }
  })
})
