// @ts-check
'use strict'

const { createHash } = require('node:crypto')

/**
 * The settings of a provider: only those that are present, without the package's prefix.
 * @typedef {object} LoginConfiguration
 * @property {'stack' | 'provider'} configSource  an explicit provider's settings are read by slightly different rules
 * @property {Record<string, string>} config
 */

/** @typedef {import('../../pulumi').GetClientTokenResult} GetClientTokenResult */
/** @typedef {import('../../pulumi').GetClientConfigResult} GetClientConfigResult */

/**
 * What a client of the native core does for this entry.
 * @typedef {object} LoginClient
 * @property {(args: { endpoint?: string }) => Promise<GetClientTokenResult>} getClientToken
 * @property {() => Promise<GetClientConfigResult>} getClientConfig
 */

/** @typedef {LoginConfiguration & { credential: 'pulumi', environment: Record<string, string> }} ClientOptions */
/** @typedef {(configuration: LoginConfiguration) => LoginClient} ClientFor */

/**
 * Gives the client of a configuration, one for each distinct one: two stacks in one process, or two providers in one
 * program, never share a login, and equal ones do.
 * @param {new (options: ClientOptions) => LoginClient} Client
 * @param {() => Record<string, string>} environmentSnapshot
 * @returns {ClientFor}
 */
function clientRegistry(Client, environmentSnapshot) {
  /** @type {Map<string, LoginClient>} */
  const clients = new Map()
  return (configuration) => {
    const options = /** @type {const} */ ({ credential: 'pulumi', ...configuration, environment: environmentSnapshot() })
    const key = fingerprint(options)
    const client = clients.get(key) ?? new Client(options)
    clients.set(key, client)
    return client
  }
}

/**
 * A digest, because the map lives as long as the process and shall not keep the secrets in its keys.
 * @param {ClientOptions} options
 */
function fingerprint(options) {
  return createHash('sha256').update(JSON.stringify(options)).digest('base64')
}

module.exports = { clientRegistry }
