// @ts-check
'use strict'

const { callOptions, tokenOf } = require('../credential')
const { orExhausted } = require('../errors')
const { scopesOf } = require('../input-values')
const { checkTenantId, tenantOf } = require('./checks')
const { failureOf } = require('./failures')
const { allowedTenants, cacheName } = require('./options')

/**
 * @typedef {import('../../identity').GetTokenOptions} GetTokenOptions
 * @typedef {import('../../identity').AccessToken} AccessToken
 *
 * @typedef {object} Settings
 * @property {Record<string, unknown> & { retry?: ReturnType<typeof import('./retry').retryOf> }} options of the core's kind of credential, as
 *   for a ClientTokenCredential, and what sharedOptions adds
 * @property {import('./environment').Variables} variables
 * @property {Record<string, string | undefined>} [changes] of the variables
 * @property {import('./failures').Family} family
 * @property {string} [tenantId] the credential's own
 * @property {object | null} [given] the options that the program gave
 */

/** Gets the tokens of one credential. Its first call creates a client of the core, and loads the addon for that. */
class Acquisition {
  #settings
  /** @type {import('../client').TokenClient | undefined} */
  #client

  /** @param {Settings} settings */
  constructor(settings) {
    this.#settings = settings
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   * @returns {Promise<AccessToken>}
   */
  async getToken(scopes, options) {
    try {
      const given = callOptions(options)
      const cached = given === undefined ? this.#client?.cachedTokenForScopes(scopes) : undefined
      return cached ?? (await this.#request(scopesOf(scopes, 'scopes'), given))
    } catch (error) {
      throw failureOf(error, this.#settings.family, { scopes, getTokenOptions: options })
    }
  }

  /**
   * @param {string | string[]} scopes
   * @param {ReturnType<typeof callOptions>} given
   */
  #request(scopes, given) {
    const tenantId = this.#tenant(/** @type {string | undefined} */ (given?.tenantId))
    this.#client ??= clientOf(this.#settings)
    return tokenOf(this.#client, { ...given, abortSignal: given?.abortSignal, tenantId, scopes })
  }

  /**
   * Returns the tenant of this call, or undefined if it is the credential's own, which the core knows.
   * @param {string} [requested]
   */
  #tenant(requested) {
    const { tenantId: own, given, family } = this.#settings
    if (family === 'managedIdentity') return undefined
    const tenant = tenantOf(own, requested, allowedTenants(given))
    if (tenant && family === 'tool') checkTenantId(tenant)
    return tenant === own ? undefined : tenant
  }
}

/** @param {Settings} settings */
function clientOf({ options, variables, changes, given }) {
  const { TokenClient } = orExhausted(() => require('../client'))
  const { readOptions } = orExhausted(() => require('../options'))
  const { logReceiver } = require('./logger')
  const { retry, ...own } = options
  const said = { ...own, timeout: retry?.timeout, additionallyAllowedTenants: allowedTenants(given) }
  const { native } = readOptions(withoutUndefined(said))
  if (native.machineStore) native.machineStore.name = cacheName(given)
  native.retry = retry?.native
  // Of the classes of @azure/identity, only EnvironmentCredential reads this variable, and does so itself.
  const environment = variables.snapshot({ AZURE_ADDITIONALLY_ALLOWED_TENANTS: undefined, ...changes })
  return new TokenClient({ environment, options: native, onLog: logReceiver() })
}

/** @param {Record<string, unknown>} options */
function withoutUndefined(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

module.exports = { Acquisition }
