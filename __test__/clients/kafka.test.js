// @ts-check
'use strict'

// Programs of examples/clients with a real Kafka, which Maven fetches: `npm run test:client-programs`, a step of .ci/run.

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { installedExamples } = require('../support/client-programs')
const { missingKafka, startKafka } = require('../support/kafka')

/** @type {import('../../emulator').Emulator} */
let emulator
/** @type {Awaited<ReturnType<typeof installedExamples>>} */
let examples

before(async () => {
  emulator = await startEmulator()
  examples = await installedExamples('all')
}, { timeout: 600_000 })
after(() => Promise.all([emulator?.close(), examples?.remove()]))

describe('kafkajs.js', { skip: missingKafka() }, () => {
  test('sends to a Kafka that verifies its token, and not with a token of another audience', { timeout: 600_000 }, async () => {
    const server = await startKafka(emulator, 'https://localhost')
    // The example requests a token for the host to which it connects.
    const program = (/** @type {string} */ host) =>
      examples.run('kafkajs.js', { emulator, authorities: [server.caCertificate], environment: { KAFKA_BROKER: `${host}:${server.port}` } })
    try {
      assert.ok((await program('localhost')).includes('sent'))
      // kafkajs ignores the broker's refusal of the token, and continues with a request that the broker does not expect yet.
      await assert.rejects(program('127.0.0.1'), /Request is not valid given the current SASL state/)
    } finally {
      await server.close()
    }
  })
})
