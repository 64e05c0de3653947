// @ts-check
'use strict'

// A process that is killed at a certain moment of its work with the machine's store, and later processes: each gets its token, and the
// store still works.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../../emulator')
const { claimsOf } = require('../support/claims')
const { calls, killedAt, missingSeccomp } = require('../support/fail-system-call')
const { inAProcess, newHome, started, storeOf } = require('../support/machine')

const VAULT = 'https://vault.azure.net'
const GRAPH = 'https://graph.microsoft.com'

/** What the store holds before: each state includes those above it. */
const states = /** @type {const} */ ({ nothing: 0, 'an id without a key': 1, 'a key': 2, 'a token that has ended': 3, 'a token': 4 })

/** @type {[state: keyof typeof states, call: string, forced?: boolean][]} */
const moments = [
  ['nothing', 'mkdirat'], ['nothing', 'openat of a lock'], ['nothing', 'flock'], ['nothing', 'openat of a new file'], ['nothing', 'linkat'],
  ['nothing', 'unlinkat'], ['an id without a key', 'openat of a new file'], ['an id without a key', 'linkat'], ['an id without a key', 'unlinkat'],
  ['a key', 'openat of a lock'], ['a key', 'flock'], ['a key', 'utimensat'], ['a key', 'connect'], ['a key', 'openat of a new file'],
  ['a key', 'renameat'], ['a key', 'getdents64'], ['a token that has ended', 'unlinkat'],
  ['a token', 'openat of a new file', true], ['a token', 'renameat', true], ['a token', 'getdents64', true], ['a token', 'exit_group'],
]

describe('the store of a machine, with a process killed', { skip: missingSeccomp() }, () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  /** @type {any} */
  let options
  before(async () => {
    emulator = await startEmulator()
    const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
    options = { credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca, cache: { kind: 'machine', protection: 'file' } }
  })
  after(() => emulator.close())

  const job = (endpoint = VAULT, forced = false) => ({ options, endpoint, forced })
  const requests = () => emulator.counters.tokenRequests

  /** @param {import('node:test').TestContext} t @param {number} state */
  async function homeWith(t, state) {
    const home = newHome(t)
    if (state >= states['an id without a key']) await inAProcess(job(), { HOME: home })
    if (state === states['an id without a key']) fs.rmSync(path.join(storeOf(home), 'key'))
    if (state <= states['a token that has ended']) removeTokens(home)
    if (state === states['a token that has ended']) {
      const ended = path.join(storeOf(home), `${'a'.repeat(32)}.t`)
      fs.writeFileSync(ended, 'ended')
      fs.utimesSync(ended, 1, 1)
    }
    emulator.resetCounters()
    return home
  }

  /** The next process gets the right token, and later ones get the same token without a request. @param {string} home */
  async function isAsGoodAsBefore(home) {
    const next = await Promise.all([VAULT, GRAPH].map((endpoint) => inAProcess(job(endpoint), { HOME: home })))
    const later = await Promise.all([VAULT, GRAPH].map((endpoint) => inAProcess(job(endpoint), { HOME: home })))
    assert.deepEqual(next.map(({ token }) => claimsOf(String(token)).aud), [VAULT, GRAPH])
    assert.deepEqual(later.map(({ cachedIn, token }) => [cachedIn, token]), next.map(({ token }) => ['machine', token]))
  }

  for (const [state, call, forced] of moments) {
    test(`at ${call}, where there is ${state}${forced ? ', by a forced refresh' : ''}`, async (t) => {
      const home = await homeWith(t, states[state])
      const { error, signal } = await inAProcess(job(VAULT, forced), { HOME: home }, killedAt(calls[call]))
      assert.deepEqual([error, signal], call === 'exit_group' ? [undefined, 'SIGSYS'] : ['killed', 'SIGSYS'])
      const asked = requests()
      await isAsGoodAsBefore(home)
      assert.ok(asked <= 1 && requests() <= asked + 2, `${asked}, then ${requests()} requests for two tokens`)
    })
  }

  test('while the service has its request', async (t) => {
    const home = await homeWith(t, states['a key'])
    let asked = 0
    emulator.faults.add({ when: ({ path: place }) => place.endsWith('/token') && ++asked === 1, delay: 60_000 })
    const { child, outcome } = started(job(), { HOME: home })
    while (asked === 0) await sleep(5)
    child.kill('SIGKILL')
    await outcome
    await isAsGoodAsBefore(home)
    assert.equal(asked, 3, 'one request of the killed process, and one for each of two tokens')
    emulator.faults.clear()
  })
})

/** @param {string} home */
function removeTokens(home) {
  for (const name of fs.readdirSync(fs.existsSync(storeOf(home)) ? storeOf(home) : home)) {
    if (name.endsWith('.t')) fs.rmSync(path.join(storeOf(home), name))
  }
}
