// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startFaultServers } = require('./support/fault-servers')
const { faults } = require('./support/faults')
const { assertScenario, assertPromised, provoke } = require('./support/fault-runner')
const { nameOf, rows } = require('./support/fault-table')

/** @type {import('./support/fault-servers').FaultServers} */
let servers

/** @type {Map<string, import('./support/fault-runner').Outcome>} */
const outcomes = new Map()

// Faults with a promised time or a timeout run three at a time, because a busy machine would delay them; the others mostly wait,
// and run all at once.
before(async () => {
  servers = await startFaultServers()
  const provokeAndRecord = async (/** @type {typeof faults[0]} */ fault) => void outcomes.set(nameOf(fault), await provoke(fault, servers))
  const isTimed = (/** @type {typeof faults[0]} */ { within, timeout }) => Boolean(within ?? timeout)
  const provoked = faults.filter((fault) => !fault.scenario && !missing(fault))
  await Promise.all(provoked.filter((fault) => !isTimed(fault)).map(provokeAndRecord))
  await inParallel(provoked.filter(isTimed), 3, provokeAndRecord)
})
after(() => servers.close())

/** @param {typeof faults[0]} fault */
function missing({ ownProcess, missing }) {
  return (ownProcess?.missing ?? missing)?.() ?? false
}

/**
 * @template T
 * @param {T[]} items
 * @param {number} width
 * @param {(item: T) => Promise<void>} act
 */
async function inParallel(items, width, act) {
  const left = [...items]
  const caller = async () => {
    for (let item = left.shift(); item; item = left.shift()) await act(item)
  }
  await Promise.all(Array.from({ length: width }, caller))
}

for (const group of new Set(faults.map(({ group }) => group))) {
  describe(group, () => {
    for (const fault of faults.filter((fault) => fault.group === group)) {
      test(fault.fault, { skip: missing(fault) }, () => {
        if (fault.scenario) return assertScenario(fault)
        assertPromised(fault, /** @type {import('./support/fault-runner').Outcome} */ (outcomes.get(nameOf(fault))))
      })
    }
  })
}

test('each fault has its own name', () => {
  assert.equal(new Set(faults.map(nameOf)).size, faults.length)
})

test('the table in docs/faults.md has these faults', () => {
  const written = fs.readFileSync(path.join(__dirname, '..', 'docs', 'faults.md'), 'utf8')
  const cells = written.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split(' | ').slice(0, 3).join(' | '))
  for (const row of rows(new Map())) {
    const wanted = row.split(' | ').slice(0, 3).join(' | ')
    assert.ok(cells.includes(wanted), `npm run soak -- --table writes this row again: ${wanted}`)
  }
})
