// @ts-check
'use strict'

// Clients of the Azure SDK without an example, because each accepts a credential as storage-blob.js does: `npm run test:clients`. Each
// calls its service by its real name; a stand-in on loopback verifies the request's token.

const assert = require('node:assert/strict')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { startAmqpServer } = require('../support/amqp-server')
const { installedExamples } = require('../support/client-programs')
const { startResourceServer, tokenVerifier } = require('../support/resource-server')

const APP_CONFIGURATION = { key: 'greeting', value: 'hello', tags: {}, locked: false, etag: 'e' }
const REGIONS = [{ name: 'West Europe', databaseAccountEndpoint: 'https://example.documents.azure.com:443/' }]
const ACCOUNT = { id: 'example', writableLocations: REGIONS, readableLocations: REGIONS, userConsistencyPolicy: { defaultConsistencyLevel: 'Session' } }

/** @type {import('../../emulator').Emulator} */
let emulator
/** @type {Awaited<ReturnType<typeof installedExamples>>} */
let programs

before(async () => {
  emulator = await startEmulator()
  programs = await installedExamples('azure', path.join(__dirname, 'azure'))
}, { timeout: 600_000 })
beforeEach(() => emulator.resetCounters())
after(() => Promise.all([emulator?.close(), programs?.remove()]))

describe('clients over https', () => {
  /** @type {[string, string, string, (asked: { path: string }) => any, string[]][]} program, host, audience, answer, expected output */
  const ROWS = [
    ['data-tables.js', 'example.table.core.windows.net', 'https://storage.azure.com', () => ({ value: [{ RowKey: 'first' }, { RowKey: 'second' }] }), ['first', 'second']],
    ['app-configuration.js', 'example.azconfig.io', 'https://azconfig.io', () => APP_CONFIGURATION, ['hello']],
    ['cosmos.js', 'example.documents.azure.com', 'https://example.documents.azure.com', cosmos, ['1']],
    ['core-rest-pipeline.js', 'example.azure.net', 'https://example.azure.net', () => ({ greeting: 'hello' }), ['hello']],
  ]
  for (const [name, host, audience, answer, lines] of ROWS) {
    test(`${name} gets an answer with its token`, async () => {
      const server = await startResourceServer([host], { verify: await tokenVerifier(emulator, audience), answer })
      try {
        assert.deepEqual(await programs.run(name, { emulator, services: { [host]: server } }), lines)
        assert.ok(server.asked.length > 0 && server.asked.every(({ token, status }) => token && status === 200), JSON.stringify(server.asked))
        assert.deepEqual(scopes(), [`${audience}/.default`])
      } finally {
        await server.close()
      }
    })
  }
})

describe('clients over AMQP', () => {
  const host = 'example.servicebus.windows.net'
  // Their audiences end in a slash, so their scopes have two slashes.
  for (const [name, audience] of [['event-hubs.js', 'https://eventhubs.azure.net/'], ['service-bus.js', 'https://servicebus.azure.net/']]) {
    test(`${name} sends its token, and messages`, async () => {
      const server = await amqp(audience)
      try {
        assert.deepEqual(await programs.run(name, { emulator, services: { [host]: server } }), ['sent'])
        assert.ok(server.accepted.length > 0 && server.accepted.every(({ appid }) => appid === emulator.clientId), JSON.stringify(server.accepted))
        assert.deepEqual(server.messages, [{ to: 'greetings' }])
        assert.deepEqual(scopes(), [`${audience}/.default`])
      } finally {
        await server.close()
      }
    })

    test(`${name} sends nothing with a token for another resource`, async () => {
      const server = await amqp('https://vault.azure.net')
      try {
        await assert.rejects(programs.run(name, { emulator, services: { [host]: server } }), /InvalidToken|Unauthorized/)
        assert.deepEqual([server.accepted, server.messages], [[], []])
      } finally {
        await server.close()
      }
    })
  }

  /** @param {string} audience */
  async function amqp(audience) {
    return startAmqpServer(programs.folder, [host], await tokenVerifier(emulator, audience))
  }
})

/** The scopes of the emulator's token requests. */
function scopes() {
  return emulator.requests.map(({ form }) => form.scope).filter(Boolean)
}

/** @param {{ path: string }} asked */
function cosmos({ path: place }) {
  if (place === '/') return ACCOUNT
  if (place.endsWith('/docs/1')) return { id: '1', key: 'a' }
  return { id: 'orders', _rid: 'r', partitionKey: { paths: ['/key'], kind: 'Hash' } }
}
