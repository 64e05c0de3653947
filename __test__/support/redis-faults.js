// @ts-check
'use strict'

/** @typedef {import('../../scripts/redis/server').Server} Server */
/** @typedef {import('./redis-clients').Connected} Connected */

const PODS = 20

/**
 * Faults of a server that pods have used before, and the number of requests that twenty pods may make then.
 * @type {[name: string, fault: (server: Server, connected: Connected) => unknown, atMost: number][]}
 */
const faults = [
  ['is gone', (server) => server.stop(), PODS],
  ['hangs', (server) => server.hang(), PODS],
  ['was restarted, and has lost everything', async (server) => { await server.stop(); await server.start() }, PODS],
  ['was emptied', (server) => server.command('FLUSHALL'), 1],
  ['is read-only', async (server) => { await server.command('FLUSHALL'); await server.command('REPLICAOF', '127.0.0.1', '1') }, PODS],
  ['allows no script', async (server) => { await server.command('FLUSHALL'); await server.command('ACL', 'SETUSER', 'default', '-eval') }, 1],
  ['allows nothing', (server) => server.command('ACL', 'SETUSER', 'default', '-@all'), PODS],
  ['is full', async (server) => { await server.command('FLUSHALL'); await server.command('CONFIG', 'SET', 'maxmemory', '1') }, PODS],
  ['drops every key at once', async (server) => {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    await server.command('CONFIG', 'SET', 'maxmemory', '1')
  }, PODS],
  ['has lists where tokens should be', async (server) => {
    const keys = (await server.command('KEYS', 'act:*')).split('\r\n').filter((line) => line.startsWith('act:'))
    for (const key of keys) {
      await server.command('DEL', key)
      await server.command('RPUSH', key, 'value')
    }
  }, PODS],
  ['was left by the client', (_, connected) => connected.close(), PODS],
]

module.exports = { PODS, faults }
