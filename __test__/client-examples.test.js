// @ts-check
'use strict'

// examples/clients with the clients and servers that they are for.

const assert = require('node:assert/strict')
const { after, before, test } = require('node:test')
const { ClientTokenCredential, clearCache } = require('..')
const { startEmulator } = require('../emulator')
const { credentialsProvider } = require('../examples/clients/node-redis')
const { logIn } = require('./support/login')
const { installClients } = require('./support/redis-clients')
const { missingRedis, startRedis, until } = require('../scripts/redis/server')

/** @type {import('../emulator').Emulator} */
let emulator
before(async () => {
  emulator = await startEmulator({ refreshIn: 2 })
  logIn(emulator.environment())
})
after(() => emulator.close())

/** How often a client has said who it is. @param {import('../scripts/redis/server').RedisServer} server */
async function authentications(server) {
  const statistics = await server.command('INFO', 'commandstats')
  const calls = [...statistics.matchAll(/cmdstat_(?:auth|hello):calls=(\d+)/g)]
  return calls.reduce((sum, [, count]) => sum + Number(count), 0)
}

for (const version of ['redis', 'redis6']) test(`${version} sends AUTH with the token, and again with each renewed one`, { skip: missingRedis() }, async () => {
  clearCache()
  const { createClient } = (await installClients())(version)
  const server = await startRedis()
  /** @type {string[]} */
  const tokens = []
  // The server knows a token as the user's password before the client has it.
  const credential = {
    /** @type {ClientTokenCredential['watch']} */
    watch: (scopes, listener) => new ClientTokenCredential().watch(scopes, {
      ...listener,
      async onToken(result) {
        tokens.push(result.token)
        await server.command('ACL', 'SETUSER', String(result.objectId), 'on', 'resetpass', `>${result.token}`, '+@all', '~*')
        listener.onToken(result)
      },
    }),
  }
  const client = createClient({ url: server.url, credentialsProvider: credentialsProvider(credential) })
  try {
    await client.connect()
    const { objectId } = await new ClientTokenCredential().getToken('https://redis.azure.com/.default')
    assert.equal(await client.sendCommand(['ACL', 'WHOAMI']), objectId)
    const atFirst = await authentications(server)
    await until(async () => (await authentications(server)) > atFirst)
    assert.ok(tokens.length > 1 && tokens[0] !== tokens[1])
    assert.equal(await client.sendCommand(['ACL', 'WHOAMI']), objectId)
  } finally {
    client.destroy()
    await server.close()
  }
})
