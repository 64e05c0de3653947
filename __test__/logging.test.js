// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { run } = require('./support/run')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator

before(async () => {
  emulator = await startEmulator()
})
after(() => emulator.close())

/** @param {Record<string, string>} [more] */
async function logged(more) {
  const script = `require('./index.js').getClientToken().then(({ token }) => console.log(token), ({ message }) => console.log(message))`
  const { code, stdout, stderr } = await run(script, { environment: { ...emulator.environment(), ...more } })
  assert.equal(code, 0)
  return { stdout: stdout.trim(), lines: stderr.split('\n').filter(Boolean) }
}

describe('AZURE_CLIENT_TOKEN_LOG', () => {
  test('is silent unless it is set', async () => {
    assert.deepEqual((await logged()).lines, [])
  })

  test('logs at each level what belongs there, and no more', async () => {
    const levels = async (/** @type {string} */ level) => {
      const { lines } = await logged({ AZURE_CLIENT_TOKEN_LOG: level })
      return [...new Set(lines.map((line) => line.match(/^azure-client-token (\w+): ./)?.[1]))].sort()
    }
    assert.deepEqual(await levels('error'), [])
    assert.deepEqual(await levels('info'), ['info'])
    assert.deepEqual(await levels('DEBUG'), ['debug', 'info'])
  })

  test('names the host, the status and the id of a request, and has neither token nor secret nor header in it', async () => {
    const { stdout, lines } = await logged({ AZURE_CLIENT_TOKEN_LOG: 'debug' })
    const text = lines.join('\n')
    assert.match(text, /POST localhost:\d+: status 200 \(\d+ ms, client request id [0-9a-f-]{36}\)/i)
    assert.match(text, /client secret: gave a token/)
    assert.match(text, /azure_core|typespec/, "what Azure's crates tell is in it")
    for (const secret of [stdout, emulator.clientSecret, 'headers']) assert.ok(!text.includes(secret), secret)
  })

  test('logs a failure once, in the words of the error', async () => {
    const { stdout, lines } = await logged({ AZURE_CLIENT_TOKEN_LOG: 'error', ARM_CLIENT_SECRET: 'marker~secret' })
    assert.deepEqual(lines, [`azure-client-token error: ERR_AUTHENTICATION: ${stdout}`])
    assert.ok(!stdout.includes('marker'))
  })

  test('warns of certificates that could not be read, even if the others are enough', async () => {
    const { stdout, lines } = await logged({ AZURE_CLIENT_TOKEN_LOG: 'warn', SSL_CERT_FILE: emulator.caFile, NODE_EXTRA_CA_CERTS: '/nowhere/extra.pem' })
    assert.match(stdout, /^ey/)
    // Node.js prints a warning, too.
    const own = lines.filter((line) => line.startsWith('azure-client-token'))
    assert.equal(own.length, 1, own.join('\n'))
    assert.match(own[0], /^azure-client-token warn: some trusted certificates cannot be read: NODE_EXTRA_CA_CERTS \(\/nowhere\/extra\.pem\): /)
  })

  test('with an unknown level is a configuration error', async () => {
    assert.match((await logged({ AZURE_CLIENT_TOKEN_LOG: 'loud' })).stdout, /AZURE_CLIENT_TOKEN_LOG must be error, warn, info or debug/)
  })
})
