// @ts-check
'use strict'

// The faults that `npm run mutants` makes: each still applies to the code, and the tests that must detect it exist.

const assert = require('node:assert/strict')
const { existsSync, readFileSync } = require('node:fs')
const path = require('node:path')
const { describe, test } = require('node:test')
const { coreRows } = require('../scripts/mutants/core-rows')
const { jsRows } = require('../scripts/mutants/js-rows')
const { mutated } = require('../scripts/mutants/row')
const { shuffled } = require('../scripts/mutants/sample')

const root = path.join(__dirname, '..')
const rows = [...jsRows, ...coreRows]

/** @param {string} file */
const textOf = (file) => readFileSync(path.join(root, file), 'utf8')

describe('a chosen fault', () => {
  test('changes its file in one place', () => {
    for (const row of rows) assert.notEqual(mutated(row, textOf(row.file)), textOf(row.file), row.name)
  })

  test('has its own name', () => {
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length)
  })

  test('names tests that exist', () => {
    const files = rows.flatMap(({ tests }) => tests.filter((word) => word.endsWith('.js')))
    for (const file of new Set(files)) assert.ok(existsSync(path.join(root, file)), file)
  })

  test('is refused if its text is not in the file, or occurs several times', () => {
    const row = { name: 'one', file: 'a.js', search: 'a', replace: 'b', tests: [] }
    assert.throws(() => mutated(row, 'c'), /one: its text occurs nowhere in a\.js/)
    assert.throws(() => mutated(row, 'aa'), /one: its text occurs several times in a\.js/)
    assert.equal(mutated(row, 'cac'), 'cbc')
  })
})

test('a seed always selects the same mutants, and another seed others', () => {
  const names = Array.from({ length: 100 }, (_, index) => String(index))
  const drawn = (/** @type {number} */ seed) => shuffled([...names], seed).slice(0, 10)
  assert.deepEqual(drawn(1), drawn(1))
  assert.notDeepEqual(drawn(1), drawn(2))
  assert.deepEqual(shuffled([...names], 1).sort(), [...names].sort())
})
