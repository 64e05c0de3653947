// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { bareEnvironment } = require('./support/environment')
const { root } = require('./support/run')
const { compilerMissing, programOnTerminal } = require('./support/terminal')

const skip = process.platform !== 'linux' && 'needs Linux: /dev/full, /proc and named pipes'

/** @type {string} */
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stderr-'))
})
after(() => fs.rmSync(folder, { recursive: true }))

/** Tokens without a network: `/bin/echo` prints them. */
const prelude = `
  const { ClientTokenCredential, ClientTokenError } = require('./index.js')
  const ask = (number, more) => new ClientTokenCredential({ credential: 'command', program: '/bin/echo', arguments: ['token' + number], ...more })
    .getToken('api://x/.default')
  const askMany = async (count, more) => {
    const credential = new ClientTokenCredential({ credential: 'command', program: '/bin/echo', arguments: ['token'], ...more })
    const asked = async (first) => { for (let number = first; number < count; number += 4) await credential.getToken('api://' + number + '/.default') }
    await Promise.all([0, 1, 2, 3].map(asked))
  }
  const wrong = () => new ClientTokenCredential({ credential: 'command', program: '/bin/false' })
    .getToken('api://x/.default').then(() => 'a token', (error) => error instanceof ClientTokenError)
  const said = () => new Promise((resolve) => process.stdin.once('data', resolve))
`

/**
 * Starts a script with this stderr.
 * @param {string} script
 * @param {'pipe' | 'ignore' | number} stderr
 * @param {string} [level]
 */
function started(script, stderr, level) {
  const env = bareEnvironment(level === undefined ? {} : { AZURE_CLIENT_TOKEN_LOG: level })
  return spawn(process.execPath, ['-e', prelude + script], { cwd: root, env, stdio: ['pipe', 'pipe', stderr], timeout: 120_000 })
}

/**
 * The script's stdout. The script must have ended by itself.
 * @param {import('node:child_process').ChildProcess} child
 */
async function succeeded(child) {
  const { code, signal, stdout, stderr } = await endOf(child)
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, stderr)
  return stdout
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string }>}
 */
async function endOf(child) {
  const output = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, ...output })))
}

/**
 * A named pipe that is open at both ends: a write succeeds without a reader, until it is full.
 * @param {string} name
 */
function pipe(name) {
  const file = path.join(folder, name)
  execFileSync('mkfifo', [file])
  const both = fs.openSync(file, fs.constants.O_RDWR)
  const writer = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
  const reader = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  return { both, fill: () => fill(writer), read: () => allOf(reader), close: () => [both, writer, reader].forEach((end) => fs.closeSync(end)) }
}

/** @param {number} writer */
function fill(writer) {
  try {
    for (;;) fs.writeSync(writer, 'x'.repeat(4095) + '\n')
  } catch (error) {
    assert.equal(/** @type {NodeJS.ErrnoException} */ (error).code, 'EAGAIN')
  }
}

/**
 * The present content of the pipe.
 * @param {number} reader
 */
function allOf(reader) {
  const parts = []
  const part = Buffer.alloc(65536)
  try {
    for (let count = -1; count !== 0; ) parts.push(Buffer.from(part.subarray(0, (count = fs.readSync(reader, part)))))
  } catch (error) {
    assert.equal(/** @type {NodeJS.ErrnoException} */ (error).code, 'EAGAIN')
  }
  return Buffer.concat(parts).toString()
}

/** The lines of the log, and the number of dropped lines that it reports. @param {string} text */
function told(text) {
  const lines = text.split('\n').filter((line) => line.startsWith('azure-client-token'))
  const dropped = lines.map((line) => Number(/ warn: (\d+) lines of the log were dropped/.exec(line)?.[1] ?? 0))
  return { lines: lines.filter((_, index) => dropped[index] === 0), dropped: dropped.reduce((sum, count) => sum + count, 0) }
}

describe('a stderr that cannot be written to never ends the process', { skip }, () => {
  const script = `
    said().then(async () => {
      await askMany(20)
      console.log((await ask('last')).token, await wrong())
    })`
  /** @param {import('node:child_process').ChildProcess} child */
  const goesOn = async (child) => {
    child.stdin?.end('go\n')
    assert.equal(await succeeded(child), 'tokenlast true\n')
  }

  for (const level of ['error', 'info', 'debug']) {
    test(`full, at level ${level}`, async () => {
      const full = fs.openSync('/dev/full', 'w')
      await goesOn(started(script, full, level))
      fs.closeSync(full)
    })

    test(`whose reader has ended, at level ${level}`, async () => {
      const child = started(script, 'pipe', level)
      child.stderr?.destroy()
      await goesOn(child)
    })

    test(`closed, at level ${level}`, async () => {
      await goesOn(started(`require('node:fs').closeSync(2)\n${script}`, 'ignore', level))
    })

    test(`closed between two calls, at level ${level}`, async () => {
      const closing = script.replace('await askMany(20)', `await askMany(10); require('node:fs').closeSync(2); await askMany(10)`)
      await goesOn(started(closing, 'pipe', level))
    })

    test(`whose reader ends between two calls, at level ${level}`, async () => {
      const child = started(`ask('first').then(() => console.log('first'))\n${script}`, 'pipe', level)
      child.stdout?.once('data', () => {
        child.stderr?.destroy()
        child.stdin?.end('go\n')
      })
      assert.equal(await succeeded(child), 'first\ntokenlast true\n')
    })
  }

  test('full, or without its reader, under the logger of the drop-in for @azure/identity', async () => {
    const logged = `
      const { logger } = require('./identity.js')
      logger.error.enabled = true
      for (let count = 0; count < 3; count++) logger.error('a line', count)
      setTimeout(() => { logger.error('another'); console.log('last') }, 50)`
    const full = fs.openSync('/dev/full', 'w')
    assert.equal(await succeeded(started(logged, full)), 'last\n')
    fs.closeSync(full)
    const child = started(logged, 'pipe')
    child.stderr?.destroy()
    assert.equal(await succeeded(child), 'last\n')
    assert.match((await endOf(started(logged, 'pipe'))).stderr, /^azure:identity:error a line 0\n[^]*error another\n$/)
    const unread = pipe('unread-logger')
    unread.fill()
    assert.equal(await succeeded(started(logged, unread.both)), 'last\n')
    unread.close()
  })

  test('closed, if the next connection of the program gets its number: no line is written there', async () => {
    const body = `
      const net = require('node:net')
      let received = ''
      const main = async () => {
        await ask('first')
        const server = net.createServer((socket) => socket.on('data', (part) => (received += part))).listen(0, '127.0.0.1')
        await new Promise((resolve) => server.once('listening', resolve))
        require('node:fs').closeSync(2)
        const client = net.connect(server.address().port, '127.0.0.1')
        await new Promise((resolve) => client.once('connect', resolve))
        console.log(client._handle.fd)
        await askMany(20)
        client.end('end')
        await new Promise((resolve) => client.once('close', resolve))
        server.close()
        console.log(received)
      }
      said().then(main)`
    const child = started(body, 'pipe', 'debug')
    child.stdin?.end('go\n')
    assert.equal(await succeeded(child), '2\nend\n')
  })

  test('all of stdin, stdout and stderr closed at the start', async () => {
    const file = path.join(folder, 'closed')
    const body = `${prelude} ask('last').then(({ token }) => require('node:fs').writeFileSync(${JSON.stringify(file)}, token))`
    const env = bareEnvironment({ AZURE_CLIENT_TOKEN_LOG: 'debug' })
    const child = spawn('/bin/sh', ['-c', 'exec "$0" -e "$1" 0<&- 1>&- 2>&-', process.execPath, body], { cwd: root, env })
    await succeeded(child)
    assert.equal(fs.readFileSync(file, 'utf8'), 'tokenlast')
  })

  test('a file that has reached the limit of its size', async () => {
    const file = path.join(folder, 'limited')
    const env = bareEnvironment({ AZURE_CLIENT_TOKEN_LOG: 'debug' })
    const body = `${prelude} askMany(100).then(() => console.log('all'))`
    const child = spawn('/bin/sh', ['-c', 'ulimit -f 1; exec "$0" -e "$1" 2>"$2"', process.execPath, body, file], { cwd: root, env })
    assert.equal(await succeeded(child), 'all\n')
    assert.ok(fs.statSync(file).size <= 1024)
  })
})

describe('a stderr that is not read never delays a call', { skip }, () => {
  for (const [what, touch] of [['blocking', ''], ['not blocking, because the program has used process.stderr', 'void process.stderr']]) {
    test(what, async () => {
      const stderr = pipe(`unread-${what.length}`)
      stderr.fill()
      const script = `${touch}
        const isBlocking = () => (parseInt(/flags:\\s+(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/fdinfo/2', 'utf8'))[1], 8) & 0o4000) === 0
        askMany(320).then(() => console.log(isBlocking()))`
      assert.equal(await succeeded(started(script, stderr.both, 'debug')), `${touch === ''}\n`)
      stderr.close()
    })
  }

  test('and says afterwards how many lines were dropped; the others are in order', async () => {
    const stderr = pipe('flood')
    stderr.fill()
    const child = started(`
      const seen = []
      const onLog = ({ level, message }) => seen.push('azure-client-token ' + level + ': ' + message)
      askMany(900, { onLog }).then(async () => {
        console.log('flooded')
        await said()
        require('node:fs').writeSync(1, seen.join('\\n') + '\\n')
      })`, stderr.both, 'debug')
    let printed = ''
    /** @type {NodeJS.Timeout | undefined} */
    let reading
    child.stdout?.once('data', () => {
      reading = setInterval(() => (printed += stderr.read()), 5)
      child.stdin?.end('go\n')
    })
    const seen = (await succeeded(child)).split('\n').filter((/** @type {string} */ line) => line.startsWith('azure-client-token'))
    clearInterval(reading)
    printed += stderr.read()
    stderr.close()
    const { lines, dropped } = told(printed)
    assert.equal(seen.length, 2700)
    assert.ok(dropped > 0)
    assert.equal(lines.length + dropped, seen.length)
    assert.deepEqual(lines, seen.slice(0, lines.length), 'the queue keeps what came first')
  })
})

describe('a terminal as stderr', { skip: skip || compilerMissing() }, () => {
  for (const [what, mode, count] of [['that was hung up', 'closed', 20], ['that nothing reads', 'unread', 320]]) {
    for (const touch of ['', 'void process.stderr']) {
      test(`${what} ends and delays nothing${touch && ', even if the program has used process.stderr'}`, async () => {
        const program = programOnTerminal(folder)
        const body = `${prelude} ${touch}
          if (!require('node:tty').isatty(2) && '${mode}' === 'unread') throw new Error('stderr is no terminal')
          askMany(${count}).then(async () => { console.log(await wrong()); process.exit(0) })`
        const env = bareEnvironment({ AZURE_CLIENT_TOKEN_LOG: 'debug' })
        const child = spawn(program, [String(mode), process.execPath, '-e', body], { cwd: root, env, timeout: 120_000 })
        assert.equal(await succeeded(child), 'true\n')
      })
    }
  }
})

describe('the end of the process', { skip }, () => {
  test('prints each of the waiting lines', async () => {
    for (const end of ['process.exit(0)', `process.on('exit', () => {})`, `setImmediate(() => { throw new Error('on purpose') })`]) {
      const child = started(`askMany(300).then(() => { ${end} })`, 'pipe', 'debug')
      const { lines, dropped } = told((await endOf(child)).stderr)
      assert.deepEqual([lines.length, dropped], [900, 0], end)
    }
  })

  test('does not wait for a stderr that accepts nothing', async () => {
    const stderr = pipe('at-the-end')
    stderr.fill()
    assert.equal(await succeeded(started(`askMany(10).then(() => { console.log('all'); process.exit(0) })`, stderr.both, 'debug')), 'all\n')
    stderr.close()
  })

  test('of a worker that is terminated while its lines wait does not affect the others', async () => {
    const stderr = pipe('terminated')
    stderr.fill()
    const script = `
      const { Worker } = require('node:worker_threads')
      const body = ${JSON.stringify(prelude)} + 'askMany(50).then(() => require("node:worker_threads").parentPort.postMessage("all"))'
      const worker = new Worker(body, { eval: true })
      worker.once('message', async (said) => {
        await worker.terminate()
        await askMany(50)
        console.log(said)
      })`
    assert.equal(await succeeded(started(script, stderr.both, 'debug')), 'all\n')
    stderr.close()
  })
})

describe('signals belong to the host', { skip }, () => {
  test('SIGPIPE at its default ends no process because of a log line, and a process with a handler gets none', async () => {
    const script = `process.on('SIGPIPE', () => console.log('told'))
      said().then(async () => {
        await askMany(8)
        process.removeAllListeners('SIGPIPE')
        await askMany(8)
        setTimeout(() => console.log('last'), 100)
      })`
    const child = started(script, 'pipe', 'debug')
    child.stderr?.destroy()
    child.stdin?.end('go\n')
    assert.equal(await succeeded(child), 'last\n')
  })

  test('no thread of this package receives any, and a program that it runs has none blocked, and SIGPIPE at its default', async () => {
    const script = `
      const fs = require('node:fs')
      const threads = () => fs.readdirSync('/proc/self/task')
      const status = (thread) => fs.readFileSync('/proc/self/task/' + thread + '/status', 'latin1')
      // SIGPIPE and SIGTERM, by their bits.
      const takes = (text) => (BigInt('0x' + /SigBlk:\\s*(\\w+)/.exec(text)[1]) & 0x5000n) !== 0x5000n
      fs.promises.stat('.').then(async () => {
        const before = new Set(threads())
        const { ClientTokenCredential } = require('./index.js')
        const tool = (program, ...words) => new ClientTokenCredential({ credential: 'command', program, arguments: words }).getToken('api://x/.default')
        const slow = tool('/bin/sh', '-c', 'sleep 0.4; echo token')
        const named = new ClientTokenCredential({ credential: 'clientSecret', tenantId: 'contoso.example', clientId: 'c', clientSecret: 's', authorityHost: 'https://localhost:9/' }).getToken('api://x/.default').catch(() => {})
        const file = new ClientTokenCredential({ credential: 'clientCertificate', tenantId: 'contoso.example', clientId: 'c', certificatePath: '/dev/null/none', authorityHost: 'https://localhost:9/' }).getToken('api://x/.default').catch(() => {})
        const seen = new Map()
        const looking = setInterval(() => {
          for (const thread of threads()) if (!before.has(thread)) try { const text = status(thread); seen.set(/Name:\\s*(.*)/.exec(text)[1], takes(text)) } catch {}
        }, 1)
        await Promise.all([slow, named, file])
        clearInterval(looking)
        const { token } = await tool('/bin/sh', '-c', 'grep -E "Sig(Blk|Ign)" /proc/self/status | tr -d "\\n\\t "')
        console.log(JSON.stringify([[...seen.keys()], [...seen].filter(([, takes]) => takes), token]))
      })`
    const [names, taking, masks] = JSON.parse(await succeeded(started(script, 'pipe', 'debug')))
    for (const name of ['azure-token', 'azure-log', 'azure-tool']) assert.ok(names.includes(name), `${name} is not among ${names}`)
    assert.deepEqual(taking, [])
    assert.match(masks, /^SigBlk:0{16}SigIgn:/)
    assert.equal(BigInt(`0x${masks.slice(-16)}`) & 0x1000n, 0n, 'SIGPIPE is ignored')
  })
})

describe('what a program does with the log', () => {
  test('an onLog that throws is an uncaught exception for each line, and prevents no token', async () => {
    const { stdout } = await endOf(started(`
      let count = 0
      process.on('uncaughtException', ({ message }) => { if (message === 'on purpose') count += 1 })
      const onLog = () => { throw new Error('on purpose') }
      ask(1, { onLog }).then(({ token }) => setTimeout(() => console.log(token, count), 200))`, 'pipe'))
    assert.equal(stdout, 'token1 3\n')
  })
})
