// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { describe, test } = require('node:test')
const { unexpected } = require('./support/skips')

const reporter = path.join(__dirname, 'support', 'skips.js')

/** @param {string} code of a test file @param {Record<string, string>} environment */
function runTests(code, environment) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'skips-'))
  const file = path.join(folder, 'one.test.js')
  fs.writeFileSync(file, `const { test } = require('node:test')\n${code}`)
  const { CI: _, NODE_TEST_CONTEXT: __, ...others } = process.env
  const argv = ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', file]
  const { status, stdout } = spawnSync(process.execPath, argv, { env: { ...others, ...environment }, encoding: 'utf8' })
  fs.rmSync(folder, { recursive: true })
  return { status, stdout }
}

describe('a skipped test', () => {
  const skipping = "test('one', { skip: 'no such tool here' }, () => {})"

  test('is named with its reason, and fails CI', () => {
    const { status, stdout } = runTests(skipping, { CI: 'true' })
    assert.match(stdout, /skipped: one: no such tool here/)
    assert.equal(status, 1)
  })

  test('fails nothing outside CI', () => {
    const { status, stdout } = runTests(skipping, {})
    assert.match(stdout, /skipped: one: no such tool here/)
    assert.equal(status, 0)
  })

  test('is distinguished from a passing test', () => {
    assert.deepEqual(runTests("test('one', () => {})", { CI: 'true' }), { status: 0, stdout: '' })
  })

  test('is accepted only for the reasons of its system', () => {
    const skipped = [{ name: 'one', reason: 'the stand-ins are POSIX shell scripts' }]
    assert.deepEqual(unexpected(skipped, 'win32'), [])
    assert.deepEqual(unexpected(skipped, 'linux'), skipped)
  })
})
