// @ts-check
'use strict'

// Which tokens the command keeps in the machine's store, and which options and variables decide that.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { runCommand } = require('./support/command')
const { NO_KEYRING, forgetKey, missingKeyring } = require('./support/keyring')
const { contents, newHome, storeOf } = require('./support/machine')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
before(async () => (emulator = await startEmulator()))
after(() => emulator.close())
beforeEach(() => emulator.resetCounters())

const requests = () => emulator.counters.tokenRequests
/** @param {string} stdout */
const printed = (stdout) => ({ code: 0, signal: null, stdout, stderr: '' })

/** A machine whose store is empty. @param {import('node:test').TestContext} t @param {Record<string, string>} [changes] */
const machine = (t, changes) => {
  const environment = { ...emulator.environment(), HOME: newHome(t, forgetKey), AZURE_CLIENT_TOKEN_CACHE: '', ...changes }
  /** @param {string[]} words @param {Record<string, string>} [more] @param {{ program: string, input: string }} [helper] */
  const run = (words, more, helper) => runCommand(words, { environment: { ...environment, ...more }, ...helper })
  return Object.assign(run, { store: storeOf(environment.HOME) })
}

describe('with the kernel\'s keyring', { skip: missingKeyring() }, () => {
  test('two runs make one request, and runs that may store nothing make one each', async (t) => {
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
    assert.equal(requests(), 4, 'the option overrides the variable')
  })

  test('a named credential stores its tokens, too', async (t) => {
    const run = machine(t)
    const words = ['token', '--credential', 'clientSecret', '-o', 'status']
    for (const { code } of [await run(words), await run(words)]) assert.equal(code, 0)
    assert.equal(requests(), 1)
  })

  test('kubectl runs a refused plug-in six times, which is one request', async (t) => {
    const run = machine(t, { ARM_CLIENT_SECRET: 'wrong-secret' })
    const start = Date.now()
    const outcomes = []
    for (let index = 0; index < 6; index += 1) outcomes.push(await run(['kubectl']))
    const made = requests()
    // The store keeps a refusal for five seconds: on a busy machine the six calls take longer.
    assert.ok(made >= 1 && made <= 1 + Math.floor((Date.now() - start) / 5000), `${made}`)
    for (const { code, stdout, stderr } of outcomes) {
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, /^azure-client-token: .*AADSTS7000215/)
    }
    assert.match((await run(['explain'])).stdout, /ERR_AUTHENTICATION: there is no token, for the reason above/)
    assert.equal(requests(), made + 1, 'explain makes a request and reports the reason')
    assert.equal((await run(['kubectl'], { ARM_CLIENT_SECRET: emulator.clientSecret })).code, 0)
  })
})

describe('the stored tokens', { skip: missingKeyring() }, () => {
  test('are counted and cleared, and their folder is named', async (t) => {
    const run = machine(t)
    for (const alias of ['graph', 'vault']) await run(['token', alias])
    await run(['token'], { ARM_CLIENT_SECRET: 'wrong-secret' })
    assert.deepEqual(await run(['cache', 'path']), printed(`${run.store}\n`))
    assert.deepEqual(await run(['cache', 'status']), printed(`folder  ${run.store}\ntokens  2\nused    yes\n`))
    const off = await run(['cache', 'status', '--json'], { AZURE_CLIENT_TOKEN_CACHE: 'off' })
    assert.deepEqual(JSON.parse(off.stdout), { folder: run.store, tokens: 2, used: false, reason: 'AZURE_CLIENT_TOKEN_CACHE is off' })
    const part = path.join(run.store, 'a'.repeat(32))
    fs.mkdirSync(part, { mode: 0o700 })
    fs.writeFileSync(path.join(part, `${'b'.repeat(32)}.t`), 'of a program that has named its part', { mode: 0o600 })
    assert.deepEqual(await run(['cache', 'clear', '--json']), printed(`{"folder":"${run.store}","deleted":3}\n`))
    assert.deepEqual(contents(run.store).map(({ file }) => path.basename(file)).sort(), ['id', 'key.l'])
    assert.deepEqual(await run(['cache', 'clear']), printed(''))
    assert.equal((await run(['token', 'graph'])).code, 0)
    assert.equal(requests(), 4)
  })

  test('in a folder that is not the user\'s own are not touched', async (t) => {
    const run = machine(t)
    await run(['token', 'graph'])
    fs.chmodSync(run.store, 0o777)
    const { code, stdout, stderr } = await run(['cache', 'clear'])
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /^azure-client-token: The tokens could not be deleted: the folder .* can be written to by other users/)
    assert.match((await run(['cache', 'status'])).stdout, /\ntokens  0\nused    no: the folder .* can be written to/)
    fs.chmodSync(run.store, 0o700)
    assert.match((await run(['cache', 'status'])).stdout, /\ntokens  1\nused    yes/)
  })

  test('of git are deleted if git was refused with them, and stay if git was refused with another one', async (t) => {
    const run = machine(t)
    const git = (/** @type {string} */ action, /** @type {string} */ more = '', host = 'dev.azure.com') => run([action], {}, { program: 'git-credential-azure-client-token', input: `protocol=https\nhost=${host}\n${more}\n` })
    const first = await git('get')
    const password = String(/^password=.*$/m.exec(first.stdout)?.[0])
    const others = [await git('erase', 'username=entra\npassword=another\n'), await git('erase', 'username=entra\n'), await git('erase', `${password}\n`, 'example.com')]
    for (const outcome of [...others, await git('store', `${password}\n`)]) assert.deepEqual(outcome, printed(''))
    assert.deepEqual([await git('get'), requests()], [first, 1])
    assert.deepEqual(await git('erase', `username=entra\n${password}\n`), printed(''))
    const second = await git('get', 'capability[]=authtype\n')
    assert.equal(requests(), 2)
    const credential = String(/^credential=.*$/m.exec(second.stdout)?.[0])
    assert.deepEqual(await git('erase', `${credential}\n`), printed(''))
    await git('get')
    assert.equal(requests(), 3)
  })
})

describe('where the system has no key store', { skip: missingKeyring() }, () => {
  test('a token comes nevertheless, and those who asked for the store learn why it is not stored', async (t) => {
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
