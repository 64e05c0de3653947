// @ts-check
'use strict'

// What the command keeps in the store of the machine, and for whom.

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { runCommand } = require('./support/command')
const { NO_KEYRING, forgetKey, missingKeyring } = require('./support/keyring')
const { newHome } = require('./support/machine')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
before(async () => (emulator = await startEmulator()))
after(() => emulator.close())
beforeEach(() => emulator.resetCounters())

const requests = () => emulator.counters.tokenRequests

describe('with the kernel\'s keyring', { skip: missingKeyring() }, () => {
  /** A machine that nothing was kept on yet. @param {import('node:test').TestContext} t @param {Record<string, string>} [changes] */
  const machine = (t, changes) => {
    const environment = { ...emulator.environment(), HOME: newHome(t, forgetKey), AZURE_CLIENT_TOKEN_CACHE: '', ...changes }
    return (/** @type {string[]} */ words, /** @type {Record<string, string>} */ more = {}) => runCommand(words, { environment: { ...environment, ...more } })
  }

  test('two runs make one request, and those that may keep nothing one each', async (t) => {
    const run = machine(t)
    const [first, second] = [await run(['token', 'graph']), await run(['token', 'graph'])]
    assert.deepEqual([first.stdout, second, requests()], [second.stdout, { ...first, code: 0, stderr: '' }, 1])
    assert.match((await run(['explain', 'graph'])).stdout, /The token comes from clientSecret, and was kept in the store of this machine\.\n$/)
    assert.equal(requests(), 1)
    for (const [words, environment] of /** @type {const} */ ([[['--no-cache'], {}], [[], { AZURE_CLIENT_TOKEN_CACHE: 'off' }], [['--force'], {}]])) {
      assert.notEqual((await run(['token', 'graph', ...words], environment)).stdout, first.stdout)
    }
    assert.equal(requests(), 4)
    await run(['token', 'graph', '--cache'], { AZURE_CLIENT_TOKEN_CACHE: 'off' })
    assert.equal(requests(), 4, 'the option is above the variable')
  })

  test('a credential that is named keeps its tokens, too', async (t) => {
    const run = machine(t)
    const words = ['token', '--credential', 'clientSecret', '-o', 'status']
    for (const { code } of [await run(words), await run(words)]) assert.equal(code, 0)
    assert.equal(requests(), 1)
  })

  test('kubectl runs a plug-in that is refused six times, which is one request', async (t) => {
    const run = machine(t, { ARM_CLIENT_SECRET: 'wrong-secret' })
    const outcomes = []
    for (let index = 0; index < 6; index += 1) outcomes.push(await run(['kubectl']))
    assert.equal(requests(), 1)
    for (const { code, stdout, stderr } of outcomes) {
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, /^azure-client-token: .*AADSTS7000215/)
    }
    assert.match((await run(['explain'])).stdout, /ERR_AUTHENTICATION: there is no token, for the reason above/)
    assert.equal(requests(), 2, 'who asks why is told why')
    assert.equal((await run(['kubectl'], { ARM_CLIENT_SECRET: emulator.clientSecret })).code, 0)
  })
})

describe('where the system has no key store', { skip: missingKeyring() }, () => {
  test('a token comes all the same, and why it is not kept is told to those who asked for the store', async (t) => {
    const environment = { ...emulator.environment(), HOME: newHome(t) }
    const run = (/** @type {string[]} */ words, /** @type {Record<string, string>} */ more = {}) => runCommand(['token', ...words], { environment: { ...environment, AZURE_CLIENT_TOKEN_CACHE: '', ...more }, before: NO_KEYRING })
    const silent = await run([])
    assert.deepEqual([silent.code, silent.stderr], [0, ''])
    const told = [await run(['--cache']), await run([], { AZURE_CLIENT_TOKEN_CACHE: 'machine' }), await run(['--verbose'])]
    for (const { code, stdout, stderr } of told) {
      assert.match(stderr, /tokens are not shared with other processes of this machine: the kernel's keyring cannot be used/)
      assert.deepEqual([code, stdout.split('\n').length], [0, 2])
    }
    assert.equal(requests(), 4)
  })
})
