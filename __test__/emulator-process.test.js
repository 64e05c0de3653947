// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')
const { describe, test } = require('node:test')
const { setTimeout } = require('node:timers/promises')
const { spawnEmulator } = require('../emulator/spawn')
const { askForToken } = require('./support/token-requests')

const CLI = path.join(__dirname, '..', 'emulator', 'cli.js')

describe('the emulator in a process of its own', () => {
  test('answers, gets faults and ends over IPC', async () => {
    const emulator = await spawnEmulator({ refreshIn: 1800 })
    try {
      assert.equal((await askForToken(emulator)).json.refresh_in, 1800)
      assert.equal((await emulator.counters()).tokenRequests, 1)
      assert.equal((await emulator.requests())[0].form.client_id, emulator.clientId)
      await emulator.addFault({ status: 429, path: '/token', times: 1 })
      assert.equal((await askForToken(emulator)).status, 429)
      await emulator.addFault({ status: 500 })
      await emulator.clearFaults()
      assert.equal((await askForToken(emulator)).status, 200)
      await emulator.resetCounters()
      assert.equal((await emulator.counters()).requests, 0)
      await assert.rejects(emulator.addFault({ when: () => true }), TypeError)
      assert.equal(emulator.environment().AZURE_AUTHORITY_HOST, emulator.authorityHost)
      assert.equal(fs.readFileSync(emulator.caFile, 'utf8'), emulator.caCertificate)
    } finally {
      await emulator.close()
    }
    assert.equal(fs.existsSync(emulator.caFile), false)
    await emulator.close()
  })

  test('says what is wrong with its options', async () => {
    await assert.rejects(spawnEmulator({ host: '0.0.0.0' }), /loopback/)
  })

  test('repeats no argument that it does not know', () => {
    for (const words of [['m4rker'], ['--m4rker'], ['--json=m4rker'], ['--port', 'm4rker'], ['--host', 'user:m4rker@127.0.0.1']]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...words], { encoding: 'utf8' })
      assert.ok(status !== 0 && stderr.length > 20, words.join(' '))
      assert.ok(!(stdout + stderr).includes('m4rker'), stderr)
    }
  })
})

describe('the stand-alone emulator', () => {
  /** @param {(child: import('node:child_process').ChildProcessWithoutNullStreams) => void} end */
  async function runUntil(end) {
    const child = spawn(process.execPath, [CLI, '--json'])
    let stderr = ''
    child.stderr.on('data', (data) => (stderr += data))
    const [line] = await once(readline.createInterface(child.stdout), 'line')
    const login = JSON.parse(line)
    const answer = await askForToken({ ...login, caCertificate: fs.readFileSync(login.caFile, 'utf8') })
    const ended = once(child, 'close')
    end(child)
    return { login, answer, exit: await ended, stderr }
  }

  /** @type {[string, (child: import('node:child_process').ChildProcessWithoutNullStreams) => void][]} */
  const ENDS = [
    ['SIGUSR1, which opens no debugger, and SIGTERM come', (child) => void (child.kill('SIGUSR1'), setTimeout(100).then(() => child.kill('SIGTERM')))],
    ['stdin ends', (child) => void child.stdin.end()],
    ['it is interrupted', (child) => void child.kill('SIGINT')],
    ['it is terminated', (child) => void child.kill('SIGTERM')]
  ]
  for (const [what, end] of ENDS) {
    test(`prints how to log in and runs until ${what}`, async () => {
      const { login, answer, exit, stderr } = await runUntil(end)
      assert.deepEqual(Object.keys(login), ['authorityHost', 'caFile', 'tenantId', 'clientId', 'clientSecret'])
      assert.equal(answer.status, 200)
      assert.deepEqual([exit, stderr], [[0, null], ''])
      assert.equal(fs.existsSync(login.caFile), false)
    })
  }
})

describe('the stand-alone emulator whose parent is killed', () => {
  const PARENT = "const [program, ...words] = process.argv.slice(1); console.log(require('node:child_process').spawn(program, words, { stdio: 'inherit' }).pid); setInterval(() => {}, 1000)"

  /** @param {string[]} command @param {string} event what npm is doing */
  async function orphan(command, event) {
    const parent = spawn(process.execPath, ['-e', PARENT, '--', ...command], { env: { ...process.env, npm_lifecycle_event: event }, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(parent.stdout, 'end')
    let text = ''
    for await (const line of readline.createInterface(parent.stdout)) {
      text += `${line}\n`
      if (line.includes('Ctrl+C')) break
    }
    const variables = Object.fromEntries([...text.matchAll(/export (\w+)='(.*)'/g)].map(([, name, value]) => [name, value]))
    parent.kill('SIGKILL')
    return { process: Number(text.split('\n')[0]), ended, variables }
  }

  /** @type {[string, string[], string][]} */
  const STARTS = [['--exit-with-parent says so', ['--exit-with-parent'], ''], ['npx started it', [], 'npx']]
  for (const [what, args, event] of STARTS) {
    test(`ends and removes its files if ${what}`, { timeout: 30_000 }, async () => {
      const { ended, variables } = await orphan([process.execPath, CLI, ...args], event)
      await ended
      assert.equal(fs.existsSync(variables.NODE_EXTRA_CA_CERTS), false)
    })
  }

  const NO_PROC = process.platform !== 'linux' && 'only Linux tells the parent of a parent without another program'
  test('ends if npx is killed, whose shell continues', { skip: NO_PROC, timeout: 30_000 }, async () => {
    const { ended, variables } = await orphan(['sh', '-c', '"$@"; wait', 'sh', process.execPath, CLI], 'npx')
    await ended
    assert.equal(fs.existsSync(variables.NODE_EXTRA_CA_CERTS), false)
  })

  test('continues unless a setting says otherwise', async () => {
    const { process: emulator, ended, variables } = await orphan([process.execPath, CLI], 'test')
    await setTimeout(500)
    assert.ok(fs.existsSync(variables.NODE_EXTRA_CA_CERTS))
    process.kill(emulator)
    await ended
  })
})
