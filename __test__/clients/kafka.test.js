// @ts-check
'use strict'

// Programs of examples/clients with a real Kafka, which Maven fetches: `npm run test:clients`.

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
  const audience = 'https://localhost'

  test('sends to a Kafka that judges its token, and to none that takes tokens of another audience', { timeout: 600_000 }, async () => {
    for (const [expected, isGood] of /** @type {[string, boolean][]} */ ([[audience, true], ['https://other', false]])) {
      const server = await startKafka(emulator, expected)
      const program = examples.run('kafkajs.js', { emulator, authorities: [server.caCertificate], environment: { KAFKA_BROKER: `localhost:${server.port}` } })
      try {
        if (isGood) assert.ok((await program).includes('sent'))
        else await assert.rejects(program, /SASL/)
      } finally {
        await server.close()
      }
    }
  })
})
