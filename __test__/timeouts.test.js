// @ts-check
'use strict'

// The phase that a TimeoutError reports. The table of faults has the phases of a request.

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { ClientTokenCredential, TimeoutError, getClientToken } = require('..')
const { startFaultServers } = require('./support/fault-servers')
const { logIn } = require('./support/login')
const { namespaceMissing, runInNamespace } = require('./support/namespace')
const { createStandIns } = require('./support/stand-in')

const MOST_CONNECTIONS = 48

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('./support/fault-servers').FaultServers} */
let servers

before(async () => {
  ;[emulator, servers] = await Promise.all([startEmulator(), startFaultServers()])
})
after(() => Promise.all([emulator.close(), servers.close()]))

beforeEach(() => {
  logIn(emulator.environment())
  emulator.faults.clear()
})

/**
 * @param {Promise<unknown>} call
 * @returns {Promise<TimeoutError>}
 */
async function timeoutOf(call) {
  const error = await call.then(() => assert.fail('a token came'), (reason) => reason)
  assert.ok(error instanceof TimeoutError, error)
  assert.equal(error.retryable, true)
  return error
}

describe('a call that runs out of time', () => {
  test('while the program makes its assertion says so', async () => {
    const { tenantId, clientId } = emulator
    const getAssertion = () => new Promise(() => {})
    const credential = new ClientTokenCredential({ credential: 'clientAssertion', tenantId, clientId, getAssertion })
    const { phase, message } = await timeoutOf(credential.getClientToken({}, { timeout: 200 }))
    assert.equal(phase, 'assertion')
    assert.match(message, /^no token within 200 ms: getAssertion\(\) had not returned an assertion/)
  })

  const noScripts = process.platform === 'win32' && 'the stand-ins for tools are scripts of POSIX'
  test('while a tool runs names the tool', { skip: noScripts }, async () => {
    const tools = createStandIns()
    tools.install('az', { hangs: true })
    logIn({ PATH: tools.searchPath })
    const calls = [{ timeout: 300 }, { processTimeout: 300 }].map(({ timeout, processTimeout }) => {
      const credential = new ClientTokenCredential({ credential: 'azureCli', processTimeout })
      return timeoutOf(credential.getClientToken({ endpoint: `api://${timeout}` }, { timeout }))
    })
    const [ofCall, ofTool] = await Promise.all(calls)
    tools.remove()
    assert.deepEqual([ofCall.phase, ofTool.phase], ['program', 'program'])
    assert.match(ofCall.message, /^no token within 300 ms: az had not ended/)
    assert.match(ofTool.message, /within 300 ms, and was ended.*processTimeout/)
  })

  test('while the metadata host is silent names that host', async () => {
    const port = await servers.tls(() => {})
    const { tenantId, clientId, clientSecret } = emulator
    logIn({ NODE_EXTRA_CA_CERTS: servers.caFile })
    const metadataHost = `https://localhost:${port}`
    const credential = new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, metadataHost })
    const { phase, message } = await timeoutOf(credential.getClientToken({}, { timeout: 300 }))
    assert.equal(phase, 'request')
    assert.ok(message.startsWith(`no token within 300 ms: localhost:${port} had not answered`), message)
  })

  test('while every connection to the host is in use says so', async () => {
    const port = await servers.tls(() => {})
    logIn({ ...emulator.environment(), NODE_EXTRA_CA_CERTS: servers.caFile, AZURE_AUTHORITY_HOST: `https://localhost:${port}/` })
    const controller = new AbortController()
    const others = Array.from({ length: MOST_CONNECTIONS }, (_, index) => getClientToken({ endpoint: `api://${index}` }, { signal: controller.signal }))
    const { phase, message } = await timeoutOf(getClientToken({}, { timeout: 500 }))
    controller.abort()
    await Promise.allSettled(others)
    assert.equal(phase, 'queue')
    assert.ok(message.includes(`all connections to localhost:${port} were busy`), message)
  })

  test('between two tries says how the last one failed', async () => {
    emulator.faults.add({ status: 503, headers: { 'retry-after': '2' }, body: 'busy', times: 1 })
    const patient = getClientToken({}, { timeout: 20_000 })
    const { phase, message, cause } = await timeoutOf(getClientToken({}, { timeout: 1000 }))
    assert.equal(phase, 'retry')
    assert.match(message, /was to be sent again/)
    assert.match(String(cause), /status 503/)
    assert.ok((await patient).token, 'the others continue to wait')
  })

  test('while the host accepts no connection names the host', async () => {
    const port = await servers.deaf()
    logIn({ ...emulator.environment(), AZURE_AUTHORITY_HOST: `https://127.0.0.1:${port}/` })
    const { phase, message } = await timeoutOf(getClientToken({}, { timeout: 500 }))
    assert.equal(phase, 'connect')
    assert.ok(message.includes(`127.0.0.1:${port} had not accepted the connection`), message)
  })

  test('in the phase dns names the host name', { skip: namespaceMissing() }, async () => {
    const script = `
      // A name server that does not answer, at the only configured address.
      require('node:dgram').createSocket('udp4').bind(53, '127.0.0.1', async () => {
        const { phase, message } = await require('.').getClientToken({}, { timeout: 500 }).catch((error) => error)
        console.log(JSON.stringify({ phase, message }))
        process.exit()
      })`
    const environment = { ARM_TENANT_ID: 'tenant', ARM_CLIENT_ID: 'app', ARM_CLIENT_SECRET: 'marker-secret', AZURE_AUTHORITY_HOST: 'https://login.example/' }
    const shell = 'mount -t tmpfs none /mnt && echo nameserver 127.0.0.1 > /mnt/resolv.conf && mount --bind /mnt/resolv.conf /etc/resolv.conf'
    const { stdout, stderr } = await runInNamespace(script, { environment, shell })
    const { phase, message } = JSON.parse(stdout || assert.fail(stderr))
    assert.equal(phase, 'dns')
    assert.match(message, /the name login\.example was being resolved/)
  })
})
