// @ts-check
'use strict'

// The accounts of developers' tools.

const { Acquisition } = require('./acquisition')
const { checkSubscription, checkTenantId } = require('./checks')
const { variables } = require('./environment')
const { sharedOptions } = require('./options')

/** @typedef {import('../../identity').GetTokenOptions} GetTokenOptions */

class AzureCliCredential {
  static keepsTokens = true

  #acquisition

  /** @param {import('../../identity').AzureCliCredentialOptions} [options] */
  constructor(options) {
    const subscription = options?.subscription || undefined
    if (subscription !== undefined) checkSubscription(subscription)
    this.#acquisition = toolOf({ credential: 'azureCli', subscription }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

class AzureDeveloperCliCredential {
  static keepsTokens = true

  #acquisition

  /** @param {import('../../identity').AzureDeveloperCliCredentialOptions} [options] */
  constructor(options) {
    this.#acquisition = toolOf({ credential: 'azureDeveloperCli' }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

class AzurePowerShellCredential {
  static keepsTokens = true

  #acquisition

  /** @param {import('../../identity').AzurePowerShellCredentialOptions} [options] */
  constructor(options) {
    this.#acquisition = toolOf({ credential: 'azurePowerShell' }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

/**
 * The tool itself decides its authority.
 * @param {Record<string, unknown>} own
 * @param {any} given
 */
function toolOf(own, given) {
  const tenantId = given?.tenantId || undefined
  if (tenantId !== undefined) checkTenantId(tenantId)
  const { cache } = sharedOptions(given)
  const options = { ...own, tenantId, cache, processTimeout: given?.processTimeoutInMs || undefined }
  return new Acquisition({ options, variables: variables(), family: 'tool', tenantId, given })
}

module.exports = { AzureCliCredential, AzureDeveloperCliCredential, AzurePowerShellCredential }
