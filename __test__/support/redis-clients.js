// @ts-check
'use strict'

// The common clients of Redis, connected, at the versions of __test__/redis.

const path = require('node:path')
const { installPinned } = require('./pinned')

/**
 * @typedef {object} Connected
 * @property {object} client
 * @property {() => unknown} close
 */

/** @typedef {(port: number) => Promise<Connected>} Connect */

/** @returns {Promise<(name: string) => any>} */
async function installClients() {
  const folder = await installPinned('redis')
  return (name) => require(path.join(folder, 'node_modules', name))
}

/** Ignores the client's errors: each test has its own client, whose server may end first. @param {any} client */
function quiet(client) {
  client.on('error', () => {})
  return client
}

const loopback = (/** @type {number} */ port) => ({ host: '127.0.0.1', port })

/** @param {(library: any, port: number) => any} create @param {string} library @returns {Connect} */
function nodeRedis(library, create) {
  return async (port) => {
    const client = quiet(create((await installClients())(library), port))
    await client.connect()
    return { client, close: () => client.destroy() }
  }
}

/** @param {string} library @param {(library: any, port: number) => any} [create] @returns {Connect} */
function ioredis(library, create = ({ Redis }, port) => new Redis(loopback(port))) {
  return async (port) => {
    const client = quiet(create((await installClients())(library), port))
    await new Promise((resolve) => { client.once('ready', resolve) })
    return { client, close: () => client.disconnect() }
  }
}

/** @param {'GlideClient' | 'GlideClusterClient'} Class @returns {Connect} */
function glide(Class) {
  return async (port) => {
    const library = (await installClients())('@valkey/valkey-glide')
    const client = await library[Class].createClient({ addresses: [loopback(port)] })
    return { client, close: () => client.close() }
  }
}

const url = (/** @type {number} */ port) => `redis://127.0.0.1:${port}`

/** Clients of one server. @type {Record<string, Connect>} */
const single = {
  'redis 5': nodeRedis('redis', (redis, port) => redis.createClient({ url: url(port) })),
  'redis 5, a pool': nodeRedis('redis', (redis, port) => redis.createClientPool({ url: url(port) }, { minimum: 2 })),
  'redis 6': nodeRedis('redis6', (redis, port) => redis.createClient({ url: url(port) })),
  'redis 6, which gives buffers': nodeRedis('redis6', (redis, port) => redis.createClient({
    url: url(port),
    commandOptions: { typeMapping: { [redis.RESP_TYPES.BLOB_STRING]: Buffer, [redis.RESP_TYPES.SIMPLE_STRING]: Buffer } },
  })),
  'ioredis 5': ioredis('ioredis5'),
  'ioredis 6': ioredis('ioredis6'),
  iovalkey: ioredis('iovalkey'),
  'valkey-glide': glide('GlideClient'),
}

/** To a cluster. @type {Record<string, Connect>} */
const cluster = {
  'redis 5, a cluster': nodeRedis('redis', (redis, port) => redis.createCluster({ rootNodes: [{ url: url(port) }], useReplicas: true })),
  'redis 6, a cluster': nodeRedis('redis6', (redis, port) => redis.createCluster({ rootNodes: [{ url: url(port) }], useReplicas: true })),
  'ioredis 5, a cluster': ioredis('ioredis5', ({ Cluster }, port) => new Cluster([loopback(port)])),
  'ioredis 6, a cluster': ioredis('ioredis6', ({ Cluster }, port) => new Cluster([loopback(port)])),
  'iovalkey, a cluster': ioredis('iovalkey', ({ Cluster }, port) => new Cluster([loopback(port)])),
  'valkey-glide, a cluster': glide('GlideClusterClient'),
}

/** Clients of a sentinel that monitors `main`. @type {Record<string, Connect>} */
const sentinel = {
  'redis 5, by a sentinel': nodeRedis('redis', (redis, port) => redis.createSentinel({ name: 'main', sentinelRootNodes: [loopback(port)], replicaPoolSize: 1 })),
  'redis 6, by a sentinel': nodeRedis('redis6', (redis, port) => redis.createSentinel({ name: 'main', sentinelRootNodes: [loopback(port)], replicaPoolSize: 1 })),
  'ioredis 5, by a sentinel': ioredis('ioredis5', ({ Redis }, port) => new Redis({ name: 'main', sentinels: [loopback(port)] })),
  'ioredis 6, by a sentinel': ioredis('ioredis6', ({ Redis }, port) => new Redis({ name: 'main', sentinels: [loopback(port)] })),
}

module.exports = { cluster, installClients, sentinel, single }
