// @ts-check
'use strict'

const { configurationError } = require('../errors')

/**
 * Sends one command for one key, to the primary server of the key.
 * @typedef {(key: string, command: string[], signal: AbortSignal) => Promise<unknown>} Send
 */

/** @typedef {any} Client whatever a program hands over: of no library the types are at hand */

/** `Decoder.String` of valkey-glide: returns text, whatever the client's own setting is. */
const GLIDE_STRINGS = 1

/**
 * How to recognise each kind of client, by methods that no other kind has, and how to use it. The order matters: ioredis has
 * a `sendCommand` as well, with other arguments.
 * @type {[is: (client: Client) => boolean, sender: (client: Client) => Send][]}
 */
const KINDS = [
  [(client) => has(client, 'customCommand') && has(client, 'invokeScriptWithRoute'), ofGlideCluster],
  [(client) => has(client, 'customCommand') && 'config' in client, ofGlide],
  [(client) => has(client, 'call') && typeof client.isCluster === 'boolean', ofIoredis],
  [(client) => isNodeRedis(client) && has(client, 'getSlotMaster'), ofNodeRedisCluster],
  [(client) => isNodeRedis(client) && has(client, 'getSentinelNode'), ofNodeRedisSentinel],
  [isNodeRedis, ofNodeRedis],
]

/**
 * @param {unknown} client
 * @returns {Send}
 */
function senderOf(client) {
  const kind = KINDS.find(([is]) => typeof client === 'object' && client !== null && is(client))
  if (kind !== undefined) return kind[1](client)
  throw configurationError('redisStore does not recognise this client. Pass a client of redis 5, ioredis 5, iovalkey or @valkey/valkey-glide 2, or of a newer version, or write a TokenStore', ['client'])
}

/** @param {Client} client */
function isNodeRedis(client) {
  return has(client, 'sendCommand') && has(client, 'withTypeMapping')
}

/**
 * @param {Client} client
 * @param {string} name
 */
function has(client, name) {
  return typeof client[name] === 'function'
}

/** Sends commands with a client or a pool of clients. @param {Client} client @returns {Send} */
function ofNodeRedis(client) {
  return (_, command, abortSignal) => client.sendCommand(command, { abortSignal })
}

/** @param {Client} client @returns {Send} */
function ofNodeRedisCluster(client) {
  const isReadOnly = false
  return (key, command, abortSignal) => client.sendCommand(key, isReadOnly, command, { abortSignal })
}

/** @param {Client} client @returns {Send} */
function ofNodeRedisSentinel(client) {
  const isReadOnly = false
  return (_, command, abortSignal) => client.sendCommand(isReadOnly, command, { abortSignal })
}

/** @param {Client} client @returns {Send} */
function ofIoredis(client) {
  const { role, scaleReads = 'master' } = client.options ?? {}
  if (role === 'slave') throw readsFromReplicas('role')
  if (scaleReads !== 'master') throw readsFromReplicas('scaleReads')
  return (_, command) => client.call(...command)
}

/** @param {Client} client @returns {Send} */
function ofGlide(client) {
  const { readFrom = 'primary' } = client.config ?? {}
  if (readFrom !== 'primary') throw readsFromReplicas('readFrom')
  return (_, command) => client.customCommand(command, { decoder: GLIDE_STRINGS })
}

/** @param {Client} client @returns {Send} */
function ofGlideCluster(client) {
  return (key, command) => client.customCommand(command, { decoder: GLIDE_STRINGS, route: { type: 'primarySlotKey', key } })
}

/** @param {string} option */
function readsFromReplicas(option) {
  return configurationError(`redisStore has a client that reads from replicas (${option}), which may lack the latest token or lease. Pass a client that reads from primaries`, ['client', option])
}

module.exports = { senderOf }
