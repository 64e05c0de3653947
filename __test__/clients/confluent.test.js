// @ts-check
'use strict'

// examples/clients/confluent-kafka.js with the real client, whose native part takes minutes to compile, and a real Kafka: `npm run
// test:clients`. CI runs the example with a stand-in for the client, see programs.test.js.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { installedExamples } = require('../support/client-programs')
const { compileConfluent, missingCompiler } = require('../support/confluent')
const { missingKafka, startKafka } = require('../support/kafka')

describe('confluent-kafka.js', { skip: missingKafka() || missingCompiler() }, () => {
  /** @type {import('../../emulator').Emulator} */
  let emulator
  /** @type {Awaited<ReturnType<typeof installedExamples>>} */
  let examples
  before(async () => {
    emulator = await startEmulator()
    examples = await installedExamples('all')
    await compileConfluent(path.dirname(examples.folder))
  }, { timeout: 2_400_000 })
  after(() => Promise.all([emulator?.close(), examples?.remove()]))

  test('sends to a Kafka that verifies its token, and not with a token of another audience', { timeout: 600_000 }, async () => {
    const server = await startKafka(emulator, 'https://localhost')
    // OpenSSL makes the client's connections, and reads this variable.
    const authority = path.join(examples.folder, 'kafka.pem')
    fs.writeFileSync(authority, server.caCertificate)
    const program = (/** @type {string} */ host) =>
      examples.run('confluent-kafka.js', { emulator, environment: { SSL_CERT_FILE: authority, KAFKA_BROKER: `${host}:${server.port}` } })
    try {
      assert.ok((await program('localhost')).includes('sent'))
      await assert.rejects(program('127.0.0.1'), /SASL authentication error: \{\\?"status\\?":\\?"invalid_token/)
    } finally {
      await server.close()
    }
  })
})
