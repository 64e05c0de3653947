// @ts-check
'use strict'

// The command if its output cannot be written: a terminal that was stopped or hung up, a full pipe, a full disk, or no reader.

const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const https = require('node:https')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { bareEnvironment } = require('../support/environment')
const { fileOf } = require('../support/command')
const { ended } = require('../support/run')
const { compilerMissing, programOnTerminal } = require('../support/terminal')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unread-'))
const TOKEN = 'eyJh.eyJi.c2ln'
const azureCli = ['token', '--credential', 'azureCli']
/** @type {string} */
let onTerminal
before(() => {
  const answer = JSON.stringify({ accessToken: TOKEN, expires_on: Math.floor(Date.now() / 1000) + 3600, tokenType: 'Bearer' })
  fs.writeFileSync(path.join(folder, 'az'), `#!/bin/sh\necho > \${AZ_STARTED:-/dev/null}\nsleep \${AZ_SECONDS:-0}\necho '${answer}'\n`, { mode: 0o755 })
  if (!compilerMissing()) onTerminal = programOnTerminal(folder)
})
after(() => fs.rmSync(folder, { recursive: true }))

/** @param {string | number} seconds that az takes @param {string} [chosen] the credential of the default chain */
function environment(seconds = 0, chosen = 'AzureCliCredential') {
  const variables = { HOME: '/nonexistent', TERM: 'xterm', AZURE_CLIENT_TOKEN_CACHE: 'off', AZURE_TOKEN_CREDENTIALS: chosen }
  return bareEnvironment({ ...variables, AZ_SECONDS: String(seconds), PATH: `${folder}:${process.env.PATH}` })
}

/**
 * Starts the command on a terminal in this state.
 * @param {'stopped' | 'stopped-both' | 'closed' | 'closed-both'} state
 * @param {string[]} words
 * @param {{ program?: string, env?: NodeJS.ProcessEnv, input?: string }} [options]
 */
function started(state, words, { program = 'azure-client-token', env = environment(), input = '' } = {}) {
  const child = spawn(onTerminal, [state, process.execPath, fileOf(program), ...words], { env, timeout: 60_000, killSignal: 'SIGKILL' })
  child.stdin.end(input)
  return child
}

/**
 * Waits until the process has opened its stdout a second time, to write to it.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} descriptors of the same terminal or pipe, that one included
 */
async function writing(child, descriptors) {
  const place = `/proc/${child.pid}/fd`
  const count = () => fs.readdirSync(place).filter((name) => linkOf(`${place}/${name}`) === linkOf(`${place}/1`)).length
  for (let tries = 0; tries < 2000 && count() < descriptors; tries += 1) await sleep(25)
  assert.equal(child.exitCode, null)
}

/** @param {string} link */
function linkOf(link) {
  try {
    return fs.readlinkSync(link)
  } catch {
    return undefined
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** @param {number} port @returns {Promise<boolean>} */
function isAnswered(port) {
  return new Promise((resolve) => {
    const request = https.get({ host: '127.0.0.1', port, rejectUnauthorized: false }, (response) => resolve(response.resume().statusCode !== undefined))
    request.on('error', () => resolve(false))
  })
}

describe('a stopped terminal', { skip: compilerMissing(), concurrency: true }, () => {
  test('as stderr delays no token, whatever would be printed there', async () => {
    assert.deepEqual(await ended(started('stopped', azureCli, { env: environment(1.2) })), { code: 0, signal: null, stdout: `${TOKEN}\n`, stderr: '' })
  })

  for (const [signal, code] of /** @type {const} */ ([['SIGINT', 130], ['SIGTERM', 143]])) {
    test(`as stderr does not block ${signal} while it waits for az`, async () => {
      const mark = path.join(folder, signal)
      const child = started('stopped', azureCli, { env: { ...environment(60), AZ_STARTED: mark } })
      while (child.exitCode === null && !fs.existsSync(mark)) await sleep(25)
      // Until the command must have printed the line that says what it waits for.
      await sleep(1200)
      child.kill(signal)
      assert.deepEqual(await ended(child), { code, signal: null, stdout: '', stderr: '' })
    })

    test(`as stdout does not block ${signal}, and no token counts as written`, async () => {
      const child = started('stopped-both', ['--help'])
      await writing(child, 3)
      await sleep(200)
      child.kill(signal)
      assert.deepEqual(await ended(child), { code, signal: null, stdout: '', stderr: '' })
    })
  }

  /** @type {[string, number, string, string[], string][]} */
  const failing = [
    ['the command', 2, 'azure-client-token', ['tokn'], ''],
    ['the helper of git', 1, 'git-credential-azure-client-token', ['get'], 'protocol=https\nhost=dev.azure.com\n\n'],
    ['the helper of docker', 1, 'docker-credential-azure-client-token', ['get'], 'contoso.azurecr.io'],
  ]
  for (const [what, code, program, words, input] of failing) {
    test(`as stderr delays ${what} for moments only, which then ends with its code`, async () => {
      const { stdout, ...end } = await ended(started('stopped', words, { program, input, env: environment(0, 'EnvironmentCredential') }))
      assert.deepEqual(end, { code, signal: null, stderr: '' })
      assert.equal(stdout === '', !program.startsWith('docker'))
    })
  }

  for (const code of ['EACCES', 'ENOENT']) {
    test(`that cannot be opened again (${code}) delays a message for moments, and no signal`, async () => {
      const preload = path.join(folder, `${code}.js`)
      const refusal = `Object.assign(new Error('refused'), { code: '${code}' })`
      fs.writeFileSync(preload, `const fs = require('node:fs')\nconst { openSync } = fs\nfs.openSync = (name, ...rest) => { if (String(name).startsWith('/proc/self/fd/')) throw ${refusal}; return openSync(name, ...rest) }\n`)
      const env = { ...environment(), NODE_OPTIONS: `--require ${preload}` }
      const { stdout, ...end } = await ended(started('stopped', ['nonsense'], { env }))
      assert.deepEqual(end, { code: 2, signal: null, stderr: '' })
      const child = started('stopped-both', ['--help'], { env })
      await sleep(1500)
      child.kill('SIGTERM')
      assert.equal((await ended(child)).code, 143)
    })
  }

  test('as stderr delays no program that exec runs', async () => {
    const words = ['exec', '--credential', 'azureCli', '--set', 'A=arm', '--', 'sh', '-c', 'echo $A; exit 9']
    assert.deepEqual(await ended(started('stopped', words)), { code: 9, signal: null, stdout: `${TOKEN}\n`, stderr: '' })
  })

  test('lets the emulator serve and end', async () => {
    const port = await freePort()
    const cli = path.join(__dirname, '..', '..', 'emulator', 'cli.js')
    const child = spawn(onTerminal, ['stopped-both', process.execPath, cli, '--port', String(port)])
    let answers = false
    for (let tries = 0; tries < 500 && !answers; tries += 1) {
      await sleep(50)
      answers = await isAnswered(port)
    }
    assert.ok(answers)
    child.kill('SIGTERM')
    assert.deepEqual(await ended(child), { code: 0, signal: null, stdout: '', stderr: '' })
  })
})

describe('a closed terminal', { skip: compilerMissing(), concurrency: true }, () => {
  test('as stderr prevents no token', async () => {
    assert.deepEqual(await ended(started('closed', azureCli, { env: environment(1.2) })), { code: 0, signal: null, stdout: `${TOKEN}\n`, stderr: '' })
  })

  test('as stdout is a failure', async () => {
    assert.deepEqual(await ended(started('closed-both', azureCli)), { code: 70, signal: null, stdout: '', stderr: '' })
  })
})

describe('a stdout', { skip: process.platform !== 'linux' && 'needs Linux: /dev/full and named pipes', concurrency: true }, () => {
  /** @param {string[]} words @param {number} stdout */
  const writingTo = (words, stdout) => {
    const child = spawn(process.execPath, [fileOf('azure-client-token'), ...words], { env: environment(), stdio: ['ignore', stdout, 'pipe'] })
    return /** @type {import('node:child_process').ChildProcessWithoutNullStreams} */ (child)
  }

  /** @param {import('node:child_process').ChildProcess} child @returns {Promise<[number | null, string]>} */
  const endOf = async (child) => {
    let stderr = ''
    child.stderr?.on('data', (text) => (stderr += text))
    return new Promise((resolve) => child.on('close', (code) => resolve([code, stderr])))
  }

  /** Both ends of a pipe that is full. @param {string} name */
  const fullPipe = (name) => {
    const file = path.join(folder, name)
    execFileSync('mkfifo', [file])
    const reader = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    const writer = fs.openSync(file, 'w')
    fs.writeSync(writer, 'x'.repeat(65_536))
    return { reader, writer }
  }

  /** @param {number} reader */
  const readAll = (reader) => {
    const bytes = Buffer.alloc(200_000)
    let length = 0
    try {
      for (let count = -1; count !== 0; length += count) count = fs.readSync(reader, bytes, length, bytes.length - length, null)
    } catch (error) {
      assert.equal(/** @type {NodeJS.ErrnoException} */ (error).code, 'EAGAIN')
    }
    return bytes.toString('latin1', 0, length)
  }

  test('that is read late gets the whole text', async () => {
    const { reader, writer } = fullPipe('late')
    const child = writingTo(azureCli, writer)
    await writing(child, 2)
    assert.equal(readAll(reader), 'x'.repeat(65_536))
    assert.deepEqual(await endOf(child), [0, ''])
    assert.equal(readAll(reader), `${TOKEN}\n`)
    fs.closeSync(writer)
    fs.closeSync(reader)
  })

  test('whose reader ends before it has read anything is a failure, and quiet', async () => {
    const { reader, writer } = fullPipe('left')
    const child = writingTo(azureCli, writer)
    await writing(child, 2)
    fs.closeSync(reader)
    assert.deepEqual(await endOf(child), [141, ''])
    fs.closeSync(writer)
  })

  test('without a reader is a failure, and quiet', async () => {
    const child = spawn(process.execPath, [fileOf('azure-client-token'), ...azureCli], { env: environment() })
    child.stdout.destroy()
    assert.deepEqual(await endOf(child), [141, ''])
    const { reader, writer } = fullPipe('without')
    fs.closeSync(reader)
    assert.deepEqual(await endOf(writingTo(azureCli, writer)), [141, ''])
    fs.closeSync(writer)
  })

  test('that is full is a failure, which is reported', async () => {
    const full = fs.openSync('/dev/full', 'w')
    for (const words of [['--version'], azureCli]) {
      assert.deepEqual(await endOf(writingTo(words, full)), [70, 'azure-client-token: The output cannot be written (ENOSPC). Check the destination of stdout\n'])
    }
    fs.closeSync(full)
  })
})
