// @ts-check
'use strict'

const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../emulator')
const { run } = require('./support/run')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator

before(async () => {
  emulator = await startEmulator()
})
after(() => emulator.close())

/**
 * @param {string} script
 * @param {(child: import('node:child_process').ChildProcess) => void} [act]
 */
async function succeeded(script, act) {
  const { code, signal, stdout, stderr } = await run(script, { environment: emulator.environment(), act })
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
  return stdout
}

/**
 * The number of token requests for that endpoint: requests of processes that have ended may still arrive.
 * @param {string} endpoint
 */
function requestsFor(endpoint) {
  return emulator.requests.filter(({ form }) => form.scope === `${endpoint}/.default`).length
}

describe('requiring the package', () => {
  test('loads one file', async () => {
    const loaded = await succeeded(`
      const before = new Set(Object.keys(require.cache))
      require('./index.js')
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !before.has(file))))`)
    const files = JSON.parse(loaded)
    assert.deepEqual(files.map((/** @type {string} */ file) => path.basename(file)), ['index.js'])
  })

  const noProc = process.platform !== 'linux' && 'the maps of a process are read from /proc, which only Linux has'
  test('maps no native code and starts no thread until the first call', { skip: noProc }, async () => {
    const counts = JSON.parse(await succeeded(`
      const fs = require('node:fs')
      const look = () => ({
        maps: fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => line.endsWith('.node')).length > 0,
        threads: fs.readdirSync('/proc/self/task').map((id) => fs.readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim())
          .filter((name) => name === 'azure-token').length,
      })
      const { getClientToken } = require('./index.js')
      const before = look()
      getClientToken().then(() => console.log(JSON.stringify([before, look()])))`))
    assert.deepEqual(counts, [{ maps: false, threads: 0 }, { maps: true, threads: 1 }])
  })

  test('again, as test runners do, loses no call and adds no listener', async () => {
    emulator.faults.add({ delay: 300, times: 1 })
    const printed = await succeeded(`
      const evaluated = () => {
        for (const file of Object.keys(require.cache)) if (file.endsWith('.js')) delete require.cache[file]
        return require('./index.js')
      }
      const ask = (endpoint) => evaluated().getClientToken({ endpoint })
      const calls = Array.from({ length: 12 }, (_, index) => ask('api://again-' + index))
      Promise.all(calls).then((tokens) => console.log(tokens.length, process.listenerCount('exit')))`)
    assert.equal(printed.trim(), '12 1')
  })

  test('keeps the real clock when a test of the program replaces it', async () => {
    const printed = await succeeded(`
      const { getClientToken } = require('./index.js')
      globalThis.setImmediate = require('node:timers').setImmediate = () => {}
      const calls = Array.from({ length: 100 }, (_, index) => getClientToken({ endpoint: 'api://mocked-' + index }))
      Promise.all(calls).then((tokens) => console.log(tokens.length))`)
    assert.equal(printed.trim(), '100')
  })
})

describe('the process', () => {
  test('ends by itself after its last call', async () => {
    assert.equal(await succeeded(`require('./index.js').getClientToken().then(() => console.log('token'))`), 'token\n')
  })

  test('waits for a call that is pending', async () => {
    emulator.faults.add({ delay: 300, times: 1 })
    const script = `require('./index.js').getClientToken().then(() => console.log('token'))`
    assert.equal(await succeeded(script), 'token\n')
  })

  test('exits during a call, at any moment', async () => {
    emulator.faults.clear()
    emulator.faults.add({ delay: 30 })
    for (const wait of [0, 1, 5, 10, 20, 30, 35, 40, 60]) {
      await succeeded(`
        for (let index = 0; index < 5; index++) require('./index.js').getClientToken({ endpoint: 'api://' + index }).catch(() => {})
        setTimeout(() => process.exit(0), ${wait})`)
    }
    emulator.faults.clear()
  })
})

describe('worker threads', () => {
  const prelude = `
    const { Worker } = require('node:worker_threads')
    const { once } = require('node:events')
    const body = \`
      const { parentPort } = require('node:worker_threads')
      const { getClientToken } = require('./index.js')
      getClientToken().then(({ token }) => parentPort.postMessage(token))\``

  test('get tokens, and share them with the main thread', async () => {
    const endpoint = 'api://shared-by-threads'
    const out = await succeeded(`${prelude}
      const { getClientToken } = require('./index.js')
      async function main() {
        const { token } = await getClientToken({ endpoint: '${endpoint}' })
        const asking = body.replace('getClientToken()', 'getClientToken({ endpoint: "${endpoint}" })')
        const workers = Array.from({ length: 3 }, () => new Worker(asking, { eval: true }))
        const tokens = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]))
        await Promise.all(workers.map((worker) => worker.terminate()))
        console.log(tokens.every((other) => other === token))
      }
      main()`)
    assert.equal(out, 'true\n')
    assert.equal(requestsFor(endpoint), 1)
  })

  test('see their own environment', async () => {
    const out = await succeeded(`${prelude}
      async function main() {
        const worker = new Worker(body.replace('({ token })', '() => 0).catch(({ settings }) => settings[0]).then((token)'), { eval: true, env: { ARM_CLIENT_SECRET: 'hidden' } })
        const [message] = await once(worker, 'message')
        console.log(message)
      }
      main()`)
    assert.equal(out, 'ARM_TENANT_ID\n')
  })

  test('can be terminated during calls, again and again', async () => {
    emulator.faults.add({ delay: 20 })
    const out = await succeeded(`${prelude}
      async function main() {
        for (let round = 0; round < 40; round++) {
          const workers = Array.from({ length: 3 }, (_, index) => new Worker(body.replace('getClientToken()', 'getClientToken({ endpoint: "api://" + ' + (round * 3 + index) + ' })'), { eval: true }))
          await new Promise((resolve) => setTimeout(resolve, round))
          await Promise.all(workers.map((worker) => worker.terminate()))
        }
        const { token } = await require('./index.js').getClientToken()
        console.log(token.length > 0)
      }
      main()`)
    assert.equal(out, 'true\n')
    emulator.faults.clear()
  })

  test('end their calls when they are terminated', async () => {
    const endpoint = 'api://taken-along'
    emulator.faults.add({ status: 503, headers: { 'retry-after': '3' }, body: '{"error":"temporarily_unavailable"}' })
    const script = `${prelude}
      const worker = new Worker(body.replace('getClientToken()', 'getClientToken({ endpoint: "${endpoint}" })'), { eval: true })
      process.stdin.once('data', async () => {
        await worker.terminate()
        setTimeout(() => process.stdin.destroy(), 4000)
      })`
    await succeeded(script, async (child) => {
      while (requestsFor(endpoint) === 0) await sleep(20)
      child.stdin?.write('terminate it\n')
    })
    emulator.faults.clear()
    assert.equal(requestsFor(endpoint), 1, 'no waiting call was left for another try')
  })
})
