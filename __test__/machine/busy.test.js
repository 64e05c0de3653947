// @ts-check
'use strict'

// Many processes of one machine that need the same token: on a busy machine, and if the process that requests it is killed or stopped.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const os = require('node:os')
const { after, before, beforeEach, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../../emulator')
const { inAProcess, newHome, started } = require('../support/machine')

/** How long a holder that does not renew its lease keeps the lock. */
const LEASE = 10_000

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('../support/machine-process').Job} */
let job

before(async () => {
  emulator = await startEmulator()
  const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
  const cache = /** @type {const} */ ({ kind: 'machine', protection: 'file' })
  job = { options: { credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca, cache }, endpoint: 'https://vault.azure.net' }
})
after(() => emulator.close())
beforeEach(() => {
  emulator.faults.clear()
  emulator.resetCounters()
})

/** @param {number} count @param {string} home */
const processes = (count, home) => Promise.all(Array.from({ length: count }, () => inAProcess(job, { HOME: home })))

/** Delays the first request. Returns the number of requests so far, including those of callers that no longer wait. @param {number} delay */
function holdFirst(delay) {
  const asked = { count: 0 }
  emulator.faults.add({ when: ({ path }) => path.endsWith('/token') && ++asked.count === 1, delay })
  return asked
}

/** @param {string} home @param {{ count: number }} asked */
async function firstHolder(home, asked) {
  const first = started(job, { HOME: home })
  while (asked.count === 0) await sleep(5)
  return first
}

test('200 processes make one request, however busy the machine is', async (t) => {
  const loads = Array.from({ length: 2 * os.availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);']))
  t.after(() => loads.forEach((load) => load.kill('SIGKILL')))
  const outcomes = await processes(200, newHome(t))
  assert.equal(emulator.counters.tokenRequests, 1)
  assert.equal(new Set(outcomes.map(({ token }) => token)).size, 1)
  assert.equal(outcomes.filter(({ cachedIn }) => cachedIn === 'machine').length, 199)
})

test('200 processes whose first one is killed make one request more', async (t) => {
  const home = newHome(t)
  const asked = holdFirst(60_000)
  const first = await firstHolder(home, asked)
  const others = processes(200, home)
  await sleep(2000)
  first.child.kill('SIGKILL')
  assert.equal(new Set((await others).map(({ token }) => token)).size, 1)
  assert.equal(asked.count, 2)
})

test('a stopped holder costs its lease and one request, and gets a token when it continues', async (t) => {
  const home = newHome(t)
  const asked = holdFirst(2000)
  const first = await firstHolder(home, asked)
  first.child.kill('SIGSTOP')
  t.after(() => first.child.kill('SIGKILL'))
  const start = performance.now()
  const others = await processes(20, home)
  assert.ok(performance.now() - start >= LEASE - 1000, 'the others have waited')
  assert.equal(new Set(others.map(({ token }) => token)).size, 1)
  assert.equal(asked.count, 2)
  first.child.kill('SIGCONT')
  assert.equal((await first.outcome).cachedIn, 'service')
  const [later] = await processes(1, home)
  assert.equal(later.cachedIn, 'machine')
  assert.equal(asked.count, 2)
})

test('others wait for a holder that is active for longer than its lease', async (t) => {
  const asked = holdFirst(LEASE + 3000)
  const outcomes = await processes(10, newHome(t))
  assert.equal(new Set(outcomes.map(({ token }) => token)).size, 1)
  assert.equal(asked.count, 1)
})
