// @ts-check
'use strict'

// The operating system refuses a thread, a descriptor, memory or a connection for some time. The test limits a child process; a preloaded
// library refuses threads, memory and connections.

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { bareEnvironment } = require('./support/environment')
const { ended, root } = require('./support/run')

const shim = path.join(__dirname, 'support', 'short-of.c')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {string} */
let folder

before(async () => {
  emulator = await startEmulator()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'shortages-'))
})
after(async () => {
  await emulator.close()
  fs.rmSync(folder, { recursive: true })
})

const prelude = `
  const fs = require('node:fs')
  const act = require('./index.js')
  const told = (error) => ({ own: error instanceof act.ClientTokenError, code: error.code, resource: error.resource, retryable: error.retryable, message: error.message })
  const outcome = (promise) => promise.then(() => 'token', told)
  const call = (endpoint, opts) => outcome(act.getClientToken({ endpoint }, opts))
`

/**
 * The script's output, parsed as JSON; stderr must be empty.
 * @param {string} script
 * @param {{ limit?: number, environment?: Record<string, string> }} [how]
 */
async function outcomes(script, { limit, environment } = {}) {
  const env = bareEnvironment({ ...emulator.environment(), ...environment })
  const command = limit === undefined ? 'exec "$0" -e "$1"' : `ulimit -n ${limit}; exec "$0" -e "$1"`
  const { code, signal, stdout, stderr } = await ended(spawn('/bin/sh', ['-c', command, process.execPath, prelude + script], { cwd: root, env }))
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

/**
 * @param {any} outcome
 * @param {'threads' | 'descriptors' | 'memory' | 'randomness'} resource
 */
function assertExhausted(outcome, resource) {
  const { message, ...rest } = outcome
  assert.deepEqual(rest, { own: true, code: 'ERR_RESOURCE_EXHAUSTED', resource, retryable: true }, message)
  assert.doesNotMatch(message, /defect|report/)
}

describe('a shortage of descriptors', { skip: process.platform === 'win32' && 'needs POSIX limits of descriptors' }, () => {
  const hold = (/** @type {number} */ free) => `
    const held = []
    try { for (;;) held.push(fs.openSync('/dev/null')) } catch {}
    for (let count = 0; count < ${free}; count++) fs.closeSync(held.pop())
    const release = () => held.forEach((descriptor) => fs.closeSync(descriptor))`

  test('at the first call is reported as one, and the next call succeeds', async () => {
    let exhausted = 0
    for (const free of [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12]) {
      const [short, later] = await outcomes(`
        void act.ClientTokenError
        ${hold(free)}
        call('api://short').then(async (short) => {
          release()
          console.log(JSON.stringify([short, await call('api://later')]))
        })`, { limit: 64 })
      if (short !== 'token') {
        assertExhausted(short, 'descriptors')
        exhausted += 1
      }
      assert.equal(later, 'token', `with ${free} descriptors at first`)
    }
    assert.ok(exhausted > 3, `${exhausted} calls met the shortage`)
  })

  test('has its code even if the classes of errors cannot be loaded', async () => {
    const [short, later] = await outcomes(`
      ${hold(0)}
      act.getClientToken().catch(async ({ code, resource, retryable, name }) => {
        release()
        console.log(JSON.stringify([{ code, resource, retryable, name }, await call('api://later')]))
      })`, { limit: 64 })
    assert.deepEqual(short, { code: 'ERR_RESOURCE_EXHAUSTED', resource: 'descriptors', retryable: true, name: 'ResourceExhaustedError' })
    assert.equal(later, 'token')
  })

  test('is reported in the same way by each entry, whichever of its files cannot be opened', async () => {
    const entries = ['index.js', 'identity.js', 'pulumi.js'].map((file) => fs.readFileSync(path.join(root, file), 'utf8'))
    const [first, ...others] = entries.map((text) => /\nfunction loadOrExhausted\(load\) \{\n[^]*?\n\}\n/.exec(text)?.[0])
    assert.match(String(first), /EMFILE/)
    for (const other of others) assert.equal(other, first)
    const [told, spoiled, isOurs] = await outcomes(`
      const identity = require('./identity.js')
      ${hold(0)}
      const caught = (use) => { try { return use() } catch (error) { return error } }
      const one = [() => identity.ClientSecretCredential, () => identity.getBearerTokenProvider({}, 'x/.default'), () => act.ClientTokenCredential].map(caught)
      release()
      void act.ClientTokenCredential
      const later = (() => {
        ${hold(0)}
        try { return caught(() => act.getBearerTokenProvider('x/.default')) } finally { release() }
      })()
      const Module = require('node:module')
      const load = Module._load
      Module._load = (request, ...rest) => {
        if (request.endsWith('clients.js')) throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })
        return load.call(Module, request, ...rest)
      }
      const pulumi = caught(() => require('./pulumi.js'))
      Module._load = load
      const all = [...one, pulumi]
      const spoiled = all.filter((error) => /\\n +at /.test(error.stack + error.cause.stack)).length
      const seen = all.map(({ code, resource, retryable, name }) => ({ code, resource, retryable, name }))
      console.log(JSON.stringify([seen, spoiled, later instanceof act.ClientTokenError, typeof require('./pulumi.js').getClientToken, typeof identity.ClientSecretCredential]))`, { limit: 64 })
    for (const one of told) assert.deepEqual(one, { code: 'ERR_RESOURCE_EXHAUSTED', resource: 'descriptors', retryable: true, name: 'ResourceExhaustedError' })
    assert.equal(told.length, 4)
    assert.ok(isOurs)
    // The stack must not contain a frame with a wrong source map, because Node.js 20.20 then cannot print the error.
    assert.equal(spoiled, 0)
  })

  /** @type {[name: string, entry: string][]} */
  const entries = [
    ['clearCache', 'act.clearCache()'],
    ['explain', 'act.explain()'],
    ['getClientConfig', 'act.getClientConfig()'],
    ['a call with a signal', 'act.getClientToken({}, { signal: new AbortController().signal })'],
    ['a credential of its own', "new act.ClientTokenCredential({ credential: 'command', program: '/bin/echo', arguments: ['t'] }).getToken('api://x/.default')"],
    ['a credential with a callback', "new act.ClientTokenCredential({ credential: 'clientAssertion', tenantId: 't', clientId: 'c', getAssertion: () => 'a.b.c' }).explain()"]
  ]
  for (const [name, entry] of entries) {
    test(`is reported as one if a program begins with ${name}, and ends with it`, async () => {
      const [short, later] = await outcomes(`
        const entry = async () => ${entry}
        void act.ClientTokenError
        ${hold(0)}
        outcome(entry()).then(async (short) => {
          release()
          console.log(JSON.stringify([short, await outcome(entry())]))
        })`, { limit: 64 })
      assertExhausted(short, 'descriptors')
      assert.equal(later, 'token')
    })
  }

  test('if a program cannot be started does not answer the next call for the same token', async () => {
    let exhausted = 0
    for (const free of [4, 5, 6, 7, 8, 9, 10, 11, 12]) {
      const [short, later] = await outcomes(`
        const own = new act.ClientTokenCredential({ credential: 'command', program: '/bin/echo', arguments: ['t'] })
        const ask = () => outcome(own.getToken('api://x/.default'))
        ${hold(free)}
        ask().then(async (short) => {
          release()
          console.log(JSON.stringify([short, await ask()]))
        })`, { limit: 64 })
      if (short !== 'token' && /could not be started/.test(short.message) && !/runtime/.test(short.message)) {
        assertExhausted(short, 'descriptors')
        exhausted += 1
      }
      assert.equal(later, 'token', `with ${free} descriptors at first`)
    }
    assert.ok(exhausted > 0, 'no program could not be started')
  })

  test('under many calls at once rejects each failing call with an error of this package, and ends with it', async () => {
    for (const free of [0, 12]) {
      const [many, later] = await outcomes(`
        call('api://first').then(async () => {
          act.clearCache()
          ${hold(free)}
          const many = await Promise.all(Array.from({ length: 200 }, (_, number) => call('api://many-' + number)))
          release()
          console.log(JSON.stringify([many, await call('api://later')]))
        })`, { limit: 40 })
      const failed = many.filter((/** @type {unknown} */ one) => one !== 'token')
      // A few connections may serve all calls, because a request that fails for the shortage is tried again.
      if (free === 0) assert.equal(failed.length, many.length)
      for (const one of failed) assertExhausted(one, 'descriptors')
      assert.equal(later, 'token')
    }
  })
})

/**
 * The output of the script, which can call `short(call, errno)` and `enough()`.
 * @param {string} script
 */
function outcomesWithout(script) {
  const file = path.join(folder, 'short')
  const library = path.join(folder, 'short-of.so')
  if (!fs.existsSync(library)) spawnSync('cc', ['-shared', '-fPIC', '-o', library, shim, '-ldl'], { stdio: 'inherit' })
  const switches = `const short = (call, number = 11) => fs.writeFileSync('${file}', call + ' ' + number); const enough = () => fs.unlinkSync('${file}')\n`
  return outcomes(switches + script, { environment: { LD_PRELOAD: library, SHORT_OF: file } })
}

describe('a shortage of threads', { skip: noShim() }, () => {
  test('at the first call is reported as one, and the next call succeeds', async () => {
    const [first, second, third] = await outcomesWithout(`
      short('pthread_create')
      call('api://short').then(async (first) => {
        const second = await call('api://short')
        enough()
        console.log(JSON.stringify([first, second, await call('api://later')]))
      })`)
    assertExhausted(first, 'threads')
    assertExhausted(second, 'threads')
    assert.equal(third, 'token')
  })

  test('during a name look-up or the reading of a file is not a defect', async () => {
    const token = path.join(folder, 'token')
    fs.writeFileSync(token, 'an.assertion.signed')
    const [started, name, file, later] = await outcomesWithout(`
      const byFile = () => new act.ClientTokenCredential({ credential: 'workloadIdentity', tenantId: 'tenant', clientId: 'app', tokenFilePath: ${JSON.stringify(token)} })
      call('api://started', { tenantId: 'not-allowed' }).then(async ({ code }) => {
        short('pthread_create')
        const name = await call('api://name')
        const file = await outcome(byFile().getToken('api://file/.default'))
        enough()
        console.log(JSON.stringify([code, name, file, await call('api://later')]))
      })`)
    assert.equal(started, 'ERR_CONFIGURATION')
    assertExhausted(name, 'threads')
    assertExhausted(file, 'threads')
    assert.equal(later, 'token')
  })
})

describe('a shortage of the network', { skip: noShim() }, () => {
  const { EAGAIN, EADDRNOTAVAIL, EMFILE, ENFILE, ENOBUFS, ENOMEM } = os.constants.errno ?? {}
  /** @type {[number, 'memory' | 'descriptors'][]} */
  const shortages = [[EAGAIN, 'memory'], [ENOMEM, 'memory'], [ENOBUFS, 'memory'], [EMFILE, 'descriptors'], [ENFILE, 'descriptors']]
  const hosts = `
    Object.assign(process.env, { AZURE_POD_IDENTITY_AUTHORITY_HOST: 'http://127.0.0.1:1' })
    const numbers = ${JSON.stringify(shortages.map(([number]) => number))}\n`

  test('is not the absence of a managed identity: a chain does not continue with another identity', async () => {
    const [short, noPort, absent] = await outcomesWithout(`${hosts}
      const another = { credential: 'command', program: '/bin/echo', arguments: ['another'] }
      const ask = (number) => outcome(new act.ClientTokenCredential({ credential: 'chain', chain: [{ credential: 'managedIdentity' }, another] }).getToken('api://' + number + '/.default'))
      const askWithout = (number) => (short('connect', number), ask(number))
      const main = async () => {
        const all = []
        for (const number of numbers) all.push(await askWithout(number))
        const noPort = await askWithout(${EADDRNOTAVAIL})
        enough()
        console.log(JSON.stringify([all, noPort, await ask(0)]))
      }
      main()`)
    shortages.forEach(([, resource], index) => assertExhausted(short[index], resource))
    assert.deepEqual([noPort.code, noPort.retryable], ['ERR_NETWORK', true], noPort.message)
    assert.equal(absent, 'token', 'a connection that is refused is an absence')
  })

  test('is not an absence in the drop-in either', async () => {
    const [short, absent] = await outcomesWithout(`${hosts}
      const { ChainedTokenCredential, ManagedIdentityCredential } = require('./identity.js')
      const another = { getToken: async () => ({ token: 'another', expiresOnTimestamp: Date.now() + 3600000 }) }
      const ask = (number) => new ChainedTokenCredential(new ManagedIdentityCredential(), another).getToken('api://' + number + '/.default')
        .then(({ token }) => token, ({ name, cause }) => ({ name, code: cause.code }))
      const main = async () => {
        const all = []
        for (const number of [...numbers, ${EADDRNOTAVAIL}]) {
          short('connect', number)
          all.push(await ask(number))
        }
        enough()
        console.log(JSON.stringify([all, await ask(0)]))
      }
      main()`)
    for (const [index, { name, code }] of short.entries()) {
      assert.deepEqual([name, code], ['AuthenticationError', index < shortages.length ? 'ERR_RESOURCE_EXHAUSTED' : 'ERR_NETWORK'])
    }
    assert.equal(absent, 'another')
  })

  test('that stops the resolver does not mean a wrong name', async () => {
    const [short, later] = await outcomesWithout(`
      const main = async () => {
        const all = []
        for (const number of ${JSON.stringify([EAGAIN, ENOMEM, EMFILE, -10])}) {
          short('getaddrinfo', number)
          all.push(await call('api://' + number, { timeout: 300 }))
        }
        enough()
        console.log(JSON.stringify([all, await call('api://later')]))
      }
      main()`)
    for (const [index, resource] of /** @type {const} */ (['memory', 'memory', 'descriptors', 'memory']).entries()) assertExhausted(short[index], resource)
    assert.equal(later, 'token')
  })
})

describe('a shortage of memory', { skip: noShim() }, () => {
  test('for the addon is reported as one, and the next call loads it', async () => {
    const [short, again, later] = await outcomesWithout(`
      const main = async () => {
        short('memory', 3072)
        const all = [await call('api://short'), await outcome(act.explain())]
        enough()
        console.log(JSON.stringify([...all, await call('api://later')]))
      }
      main()`)
    assertExhausted(short, 'memory')
    assertExhausted(again, 'memory')
    assert.equal(later, 'token')
  })
})

describe('a shortage of random numbers', { skip: noShim() }, () => {
  const { EIO } = os.constants.errno
  const entries = `
    const lone = async () => new act.ClientTokenCredential({ credential: 'command', program: '/bin/echo', arguments: ['t'] }).getToken('api://x/.default')
    const all = async () => [await call('api://short'), await call('api://short', { signal: new AbortController().signal }), await outcome(lone()), await outcome(act.getClientConfig())]\n`

  test('at the first call is reported as one, and the next call succeeds', async () => {
    const [short, later] = await outcomesWithout(`${entries}
      const main = async () => {
        short('getrandom', ${EIO})
        const first = await all()
        enough()
        console.log(JSON.stringify([first, await all()]))
      }
      main()`)
    for (const one of short) assertExhausted(one, 'randomness')
    assert.deepEqual(later, Array(4).fill('token'))
  })

  test('in a thread of JavaScript, or between two calls, harms no other call', async () => {
    const [first, short, cached, inWorker, later] = await outcomesWithout(`
      const { Worker } = require('node:worker_threads')
      const { once } = require('node:events')
      const work = "const act = require('./index.js'); act.getClientToken({ endpoint: 'api://cached' }).catch(({ code, resource }) => ({ code, resource })).then((told) => require('node:worker_threads').parentPort.postMessage(told))"
      const main = async () => {
        const first = await call('api://cached')
        short('getrandom', ${EIO})
        const told = [first, await call('api://other'), await call('api://cached'), (await once(new Worker(work, { eval: true }), 'message'))[0]]
        enough()
        console.log(JSON.stringify([...told, await call('api://other')]))
      }
      main()`)
    assert.deepEqual([first, cached, later], ['token', 'token', 'token'])
    assertExhausted(short, 'randomness')
    assert.deepEqual(inWorker, { code: 'ERR_RESOURCE_EXHAUSTED', resource: 'randomness' })
  })
})

function noShim() {
  if (process.platform !== 'linux') return 'needs Linux: a preloaded library, and /proc'
  return spawnSync('cc', ['--version']).status !== 0 && 'cc is not installed'
}

test("RUST_MIN_STACK does not shrink the stacks of this package's threads, which would end the process", async () => {
  const outcome = await outcomes("call('api://a').then((outcome) => console.log(JSON.stringify(outcome)))", { environment: { RUST_MIN_STACK: '1' } })
  assert.equal(outcome, 'token')
})
