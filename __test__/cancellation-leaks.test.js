// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { spawnEmulator } = require('../emulator/spawn')
const { run } = require('./support/run')
const { startFaultServers } = require('./support/fault-servers')
const { namespaceMissing, runInNamespace } = require('./support/namespace')
const { ended } = require('./support/processes')
const { createStandIns } = require('./support/stand-in')

/** @type {Awaited<ReturnType<typeof spawnEmulator>>} */
let emulator
/** @type {import('./support/fault-servers').FaultServers} */
let servers

before(async () => {
  ;[emulator, servers] = await Promise.all([spawnEmulator(), startFaultServers()])
})
after(() => Promise.all([emulator.close(), servers.close()]))

/**
 * @param {string} script
 * @param {Record<string, string>} [more]
 */
async function succeeded(script, more) {
  const { code, signal, stdout, stderr } = await run(script, { environment: { ...emulator.environment(), ...more } })
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
  return stdout
}

describe('calls on one signal', () => {
  test('leave no listener and no handle, however many there are', async () => {
    // A call that the cache answers adds no listener, so that some calls force a new token; the last ones time out.
    const counts = JSON.parse(await succeeded(`
      const { getEventListeners } = require('node:events')
      const { getClientToken } = require('./index.js')
      const { census } = require('./__test__/support/resource-census')
      const { signal } = new AbortController()
      const most = { listeners: 0 }
      async function main() {
        await getClientToken({}, { signal })
        ;[process.stdout, process.stderr]
        const before = census(signal)
        for (let call = 0; call < 100_000; call += 500) {
          const calls = Array.from({ length: 500 }, (_, index) => getClientToken({}, { signal, forceRefresh: index % 8 === 0 }))
          most.listeners = Math.max(most.listeners, getEventListeners(signal, 'abort').length)
          await Promise.all(calls)
        }
        for (let call = 0; call < 1000; call += 50) {
          await Promise.all(Array.from({ length: 50 }, (_, index) => getClientToken({}, { signal, forceRefresh: true, timeout: 1 + index }).catch(() => {})))
        }
        // Objects that the event loop releases at the end of its turn are no leak.
        await new Promise((resolve) => setTimeout(resolve, 10))
        console.log(JSON.stringify({ before, after: census(signal), most: most.listeners }))
      }
      main()`))
    assert.equal(counts.most, 1)
    assert.equal(counts.after.listeners, 0)
    assert.deepEqual(counts.after.resources, counts.before.resources)
    assert.equal(counts.after.azureThreads, counts.before.azureThreads)
    assert.equal(counts.after.children, counts.before.children)
  })

  test('that are cancelled close their connections', async () => {
    const port = await servers.tls(() => {})
    const wanted = { AZURE_AUTHORITY_HOST: `https://localhost:${port}/`, NODE_EXTRA_CA_CERTS: servers.caFile }
    const open = servers.connections()
    const outcomes = JSON.parse(await succeeded(`
      const { getClientToken } = require('./index.js')
      const { census } = require('./__test__/support/resource-census')
      const { setTimeout: sleep } = require('node:timers/promises')
      async function main() {
        const controller = new AbortController()
        const calls = Array.from({ length: 20 }, (_, index) => getClientToken({ endpoint: 'api://' + index }, { signal: controller.signal }))
        await sleep(500)
        const during = census(controller.signal)
        controller.abort()
        const reasons = await Promise.all(calls.map((call) => call.catch((error) => error.name)))
        for (let wait = 0; wait < 50 && census(controller.signal).sockets > during.sockets - 20; wait++) await sleep(100)
        console.log(JSON.stringify({ reasons: [...new Set(reasons)], during, after: census(controller.signal) }))
      }
      main()`, wanted))
    assert.deepEqual(outcomes.reasons, ['AbortError'])
    assert.equal(outcomes.after.listeners, 0)
    if (process.platform === 'linux') assert.ok(outcomes.after.sockets <= outcomes.during.sockets - 20, JSON.stringify(outcomes))
    assert.equal(servers.connections(), open)
  })
})

describe('a process that ends during a call', () => {
  /** @typedef {{ environment: Record<string, string>, call?: string }} Stage */
  const trusted = (/** @type {number} */ port) => ({ environment: { AZURE_AUTHORITY_HOST: `https://localhost:${port}/`, NODE_EXTRA_CA_CERTS: servers.caFile } })
  const tools = createStandIns()
  after(() => tools.remove())

  /** What makes a call stay in that phase. @type {Record<string, () => Promise<Stage> | Stage>} */
  const phases = {
    connect: async () => ({ environment: { AZURE_AUTHORITY_HOST: `https://127.0.0.1:${await servers.deaf()}/` } }),
    proxy: async () => ({ environment: { AZURE_AUTHORITY_HOST: 'https://login.invalid/', HTTPS_PROXY: `http://127.0.0.1:${await servers.tcp((socket) => void socket.resume())}` } }),
    tls: async () => trusted(await servers.tcp((socket) => void socket.resume())),
    request: async () => trusted(await servers.tls(() => {})),
    response: async () => trusted(await servers.tls((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{'))),
    retry: async () => trusted(await servers.tls((socket) => void socket.write('HTTP/1.1 503 Busy\r\nretry-after: 30\r\ncontent-length: 0\r\n\r\n'))),
    queue: async () => ({ ...trusted(await servers.tls(() => {})), call: `for (let index = 0; index < 60; index++) ask({ endpoint: 'api://' + index })` }),
    assertion: () => ({
      environment: {},
      call: `ask({}, { credential: 'clientAssertion', tenantId: 'tenant', clientId: 'app', getAssertion: () => new Promise(() => {}) })`,
    }),
  }
  if (process.platform !== 'win32') phases.program = program

  /** az hangs, and so does the process that it has started. @returns {Stage} */
  function program() {
    tools.install('az', { hangs: true })
    return { environment: { PATH: tools.searchPath }, call: `ask({}, { credential: 'azureCli' })` }
  }

  /** @param {boolean} hasStarted whether az is known to have started */
  async function noProgramRuns(hasStarted) {
    // It might still start.
    if (!hasStarted) await sleep(300)
    if (hasStarted || tools.pid('az')) await ended(tools.pid('az'))
  }

  const prelude = `
    const controller = new AbortController()
    const { ClientTokenCredential, getClientToken } = require('./index.js')
    const ask = (args, options) => (options ? new ClientTokenCredential(options) : { getClientToken }).getClientToken(args, { signal: controller.signal }).catch(() => {})
  `

  /** How the call ends. After a worker has ended, the main thread ends by itself. @type {Record<string, (wait: number, call: string) => string>} */
  const ends = {
    'exits by process.exit': (wait, call) => `${prelude}${call}; setTimeout(() => process.exit(0), ${wait})`,
    'runs out of events after an abort': (wait, call) => `${prelude}${call}; setTimeout(() => controller.abort(), ${wait})`,
    'terminates its worker': (wait, call) => `
      const worker = new (require('node:worker_threads').Worker)(${JSON.stringify(prelude + call)}, { eval: true })
      setTimeout(async () => { await worker.terminate(); setTimeout(() => {}, 300) }, ${wait} + 50)`,
  }

  for (const phase of Object.keys(phases)) {
    test(`in the phase ${phase} prints nothing, leaves nothing, and ends at once`, async () => {
      const { environment, call = 'ask()' } = await phases[phase]()
      for (const [name, script] of Object.entries(ends)) {
        for (const wait of phase === 'program' ? [0, 1000] : [0, 80]) {
          const start = Date.now()
          assert.equal(await succeeded(script(wait, call), environment), '', name)
          assert.ok(Date.now() - start < 10_000, `${name}: after ${Date.now() - start} ms`)
          if (phase === 'program') await noProgramRuns(wait > 0)
        }
      }
    })
  }

  test('in the phase dns prints nothing, and ends at once', { skip: namespaceMissing() }, async () => {
    const shell = 'mount -t tmpfs none /mnt && echo nameserver 127.0.0.1 > /mnt/resolv.conf && mount --bind /mnt/resolv.conf /etc/resolv.conf'
    const environment = { ...emulator.environment(), AZURE_AUTHORITY_HOST: 'https://login.example/' }
    for (const script of Object.values(ends)) {
      // A name server that does not answer, at the only configured address; it does not keep the process alive.
      const silent = `require('node:dgram').createSocket('udp4').bind(53, '127.0.0.1').unref();${script(80, 'ask()')}`
      const start = Date.now()
      const { code, stdout, stderr } = await runInNamespace(silent, { environment, shell })
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' })
      assert.ok(Date.now() - start < 10_000)
    }
  })
})
