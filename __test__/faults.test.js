// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startFaultServers } = require('./support/fault-servers')
const { faults } = require('./support/faults')
const { assertPlayed, assertPromised, meet } = require('./support/fault-runner')
const { nameOf, rows } = require('./support/fault-table')

/** @type {import('./support/fault-servers').FaultServers} */
let servers

/** @type {Map<string, import('./support/fault-runner').Met>} */
const met = new Map()

// What is promised early, or has to come to a certain step in time, gets the machine almost for itself; the others wait
// for something, and do so all at once.
before(async () => {
  servers = await startFaultServers()
  const meeting = async (/** @type {typeof faults[0]} */ fault) => void met.set(nameOf(fault), await meet(fault, servers))
  const isPressed = (/** @type {typeof faults[0]} */ { within, timeout }) => Boolean(within ?? timeout)
  const driven = faults.filter((fault) => !fault.scenario && !missing(fault))
  await Promise.all(driven.filter((fault) => !isPressed(fault)).map(meeting))
  await inParallel(driven.filter(isPressed), 3, meeting)
})
after(() => servers.close())

/** @param {typeof faults[0]} fault */
function missing({ apart, missing }) {
  return (apart?.missing ?? missing)?.() ?? false
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
        if (fault.scenario) return assertPlayed(fault)
        assertPromised(fault, /** @type {import('./support/fault-runner').Met} */ (met.get(nameOf(fault))))
      })
    }
  })
}

test('each fault has a name of its own', () => {
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
