// @ts-check
'use strict'

const { createHash } = require('node:crypto')
const { setNewest } = require('../bounded-map.js')
const { whenForgotten } = require('../near-cache.js')

/**
 * The number of clients that are kept. A program that runs many stacks in one process may have a different secret for each,
 * so the least recently used client is dropped first. It is created again when it is needed.
 */
const MOST_CLIENTS = 64

/**
 * Returns the settings of a provider that are present, without the package's prefix.
 * @typedef {object} LoginConfiguration
 * @property {'stack' | 'provider'} configSource  the rules for an explicit provider's settings differ slightly
 * @property {Record<string, string>} config
 */

/** @typedef {import('../../pulumi').GetClientTokenResult} GetClientTokenResult */
/** @typedef {import('../../pulumi').GetClientConfigResult} GetClientConfigResult */

/**
 * The functions of the native client that this entry uses.
 * @typedef {object} LoginClient
 * @property {(args: { endpoint?: string }) => Promise<GetClientTokenResult>} getClientToken
 * @property {() => Promise<GetClientConfigResult>} getClientConfig
 */

/** @typedef {LoginConfiguration & { credential: 'pulumi', environment: Record<string, string> }} ClientOptions */
/** @typedef {(configuration: LoginConfiguration) => LoginClient} ClientFor */

/**
 * Returns the client of a configuration, one for each distinct one: two stacks in one process, or two providers in one
 * program, never share a login, and equal ones do. `clearCache()` drops them all.
 * @param {new (options: ClientOptions) => LoginClient} Client
 * @param {() => Record<string, string>} environmentSnapshot
 * @returns {ClientFor}
 */
function clientRegistry(Client, environmentSnapshot) {
  /** @type {Map<string, LoginClient>} */
  const clients = new Map()
  whenForgotten(() => clients.clear())
  return (configuration) => {
    const options = /** @type {const} */ ({ credential: 'pulumi', ...configuration, environment: environmentSnapshot() })
    const key = fingerprint(options)
    const client = clients.get(key) ?? new Client(options)
    setNewest(clients, key, client, MOST_CLIENTS)
    return client
  }
}

/**
 * A digest, because the map lives as long as the process and must not keep secrets in its keys.
 * @param {ClientOptions} options
 */
function fingerprint(options) {
  return createHash('sha256').update(JSON.stringify(options)).digest('base64')
}

module.exports = { MOST_CLIENTS, clientRegistry }
