// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { before, describe, test } = require('node:test')
const { run } = require('./support/run')
const { MARKER, WRONG_SECRET } = require('./support/chaos-plan')

// A separate process, so that the census counts only the run's resources. CHAOS_SEED repeats the decisions of another run.
const SEED = process.env.CHAOS_SEED ?? String(Math.floor(Math.random() * 2 ** 31))
const SECONDS = '10'

// What may remain after a run: 48 idle connections to a host, and tokio's threads for name look-ups.
const IDLE_CONNECTIONS = 48
const BLOCKING_THREADS = 4

describe(`chaos with the seed ${SEED}`, () => {
  /** @type {import('./support/chaos').Report} */
  let report
  /** @type {Awaited<ReturnType<typeof run>>} */
  let ended

  before(async () => {
    const argv = ['__test__/soak.js', '--seconds', SECONDS, '--seed', SEED, '--json']
    ended = await run(`process.argv.push(...${JSON.stringify(argv.slice(1))}); require('./${argv[0]}')`)
    report = JSON.parse(ended.stdout || assert.fail(ended.stderr))
  })

  test('makes enough calls, of every outcome', () => {
    assert.ok(report.calls > 500, `${report.calls} calls`)
    assert.ok(report.workers > 3, `${report.workers} workers`)
    const outcomes = ['AuthenticationError', 'NetworkError', 'ServiceUnavailableError', 'TimeoutError', 'TypeError', 'aborted', 'token']
    assert.deepEqual(Object.keys(report.outcomes).sort(), outcomes)
  })

  test('settles every promise, in the right class', () => {
    assert.equal(report.unsettled, 0)
    assert.deepEqual(report.wrong, [])
  })

  test('shows no secret, and prints nothing of its own', () => {
    assert.deepEqual(report.secrets, [])
    for (const secret of [MARKER, WRONG_SECRET]) assert.ok(!ended.stdout.includes(secret))
    assert.equal(ended.stderr, '')
    assert.deepEqual(report.surprises, [])
  })

  test('leaves nothing behind', () => {
    const { before, after } = report
    assert.deepEqual(after.resources, before.resources)
    assert.equal(after.listeners, 0)
    assert.equal(after.children, before.children)
    assert.equal(after.azureThreads, before.azureThreads)
    assert.ok(after.threads <= before.threads + BLOCKING_THREADS, `${before.threads} threads, then ${after.threads}`)
    assert.ok(after.sockets <= before.sockets + IDLE_CONNECTIONS, `${before.sockets} sockets, then ${after.sockets}`)
  })
})
