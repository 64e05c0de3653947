// @ts-check
'use strict'

// The programs of examples/clients with real clients and servers.

const assert = require('node:assert/strict')
const { after, before, test } = require('node:test')
const { ClientTokenCredential, clearCache } = require('..')
const { startEmulator } = require('../emulator')
const { authenticated } = require('../examples/clients/ioredis')
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

/** How often the server has authenticated a client. @param {import('../scripts/redis/server').RedisServer} server */
async function authentications(server) {
  const statistics = await server.command('INFO', 'commandstats')
  const calls = [...statistics.matchAll(/cmdstat_(?:auth|hello):calls=(\d+),.*failed_calls=(\d+)/g)]
  return calls.reduce((sum, [, count, failed]) => sum + Number(count) - Number(failed), 0)
}

/**
 * A credential whose tokens the server accepts as the user's password before the client gets them.
 * @param {import('../scripts/redis/server').RedisServer} server
 */
function knownTo(server) {
  /** @type {string[]} */
  const tokens = []
  /** @type {ClientTokenCredential['watch']} */
  const watch = (scopes, listener) => new ClientTokenCredential().watch(scopes, {
    ...listener,
    async onToken(result) {
      tokens.push(result.token)
      await server.command('ACL', 'SETUSER', String(result.objectId), 'on', 'resetpass', `>${result.token}`, '+@all', '~*')
      listener.onToken(result)
    },
  })
  return { tokens, watch }
}

/**
 * Waits until a client has authenticated again, with another token.
 * @param {import('../scripts/redis/server').RedisServer} server
 * @param {string[]} tokens
 */
async function renewed(server, tokens) {
  const atFirst = await authentications(server)
  await until(async () => (await authentications(server)) > atFirst)
  assert.ok(tokens.length > 1 && tokens[0] !== tokens[1])
}

async function objectId() {
  return (await new ClientTokenCredential().getToken('https://redis.azure.com/.default')).objectId
}

for (const version of ['redis', 'redis6']) test(`${version} sends AUTH with the token, and again with each renewed one`, { skip: missingRedis() }, async () => {
  clearCache()
  const { createClient } = (await installClients())(version)
  const server = await startRedis()
  const credential = knownTo(server)
  const client = createClient({ url: server.url, credentialsProvider: credentialsProvider(credential) })
  try {
    await client.connect()
    assert.equal(await client.sendCommand(['ACL', 'WHOAMI']), await objectId())
    await renewed(server, credential.tokens)
    assert.equal(await client.sendCommand(['ACL', 'WHOAMI']), await objectId())
  } finally {
    client.destroy()
    await server.close()
  }
})

for (const version of ['ioredis5', 'ioredis6']) test(`${version} does so too, and when it connects again`, { skip: missingRedis() }, async () => {
  clearCache()
  const { Redis } = (await installClients())(version)
  const server = await startRedis()
  const credential = knownTo(server)
  const redis = new Redis({ host: '127.0.0.1', port: server.port, lazyConnect: true })
  const watch = await authenticated(redis, credential)
  try {
    assert.equal(await redis.call('ACL', 'WHOAMI'), await objectId())
    await renewed(server, credential.tokens)
    redis.disconnect(true)
    assert.equal(await redis.call('ACL', 'WHOAMI'), await objectId())
  } finally {
    watch.dispose()
    redis.disconnect()
    await server.close()
  }
})
