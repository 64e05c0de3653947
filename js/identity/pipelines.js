// @ts-check
'use strict'

const { applicationOf } = require('./application')
const { checkRequired, checkTenantId } = require('./checks')
const { variables } = require('./environment')
const { CredentialUnavailableError } = require('./errors')

/** A service connection of Azure Pipelines. */
class AzurePipelinesCredential {
  static keepsTokens = true

  #acquisition

  /**
   * @param {string} tenantId
   * @param {string} clientId
   * @param {string} serviceConnectionId
   * @param {string} systemAccessToken
   * @param {import('../../identity').AzurePipelinesCredentialOptions} [options]
   */
  constructor(tenantId, clientId, serviceConnectionId, systemAccessToken, options) {
    checkRequired('AzurePipelinesCredential', { clientId, tenantId, serviceConnectionId, systemAccessToken })
    checkTenantId(tenantId)
    const environment = variables()
    const oidcRequestUri = environment.read('SYSTEM_OIDCREQUESTURI')
    if (oidcRequestUri === undefined) throw new CredentialUnavailableError('AzurePipelinesCredential finds no SYSTEM_OIDCREQUESTURI. Use it in a task of Azure Pipelines, which sets the variable.')
    const own = { credential: 'oidc', tenantId, clientId, serviceConnectionId, systemAccessToken, oidcRequestUri }
    this.#acquisition = applicationOf(own, options, environment)
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

module.exports = { AzurePipelinesCredential }
