// @ts-check
'use strict'

const { Acquisition } = require('./acquisition')
const { variables } = require('./environment')
const { CredentialUnavailableError } = require('./errors')
const { checkAuthority, sharedOptions } = require('./options')

/** The variables of an application's login, which are removed if only the metadata service may be asked. */
const WITHOUT_APPLICATION = { AZURE_TENANT_ID: undefined, AZURE_CLIENT_ID: undefined, AZURE_CLIENT_SECRET: undefined, AZURE_CLIENT_CERTIFICATE_PATH: undefined, AZURE_USERNAME: undefined }

/** The managed identity of the host. */
class ManagedIdentityCredential {
  static keepsTokens = true

  #acquisition

  /**
   * @param {string | { clientId?: string, resourceId?: string, objectId?: string } | null} [clientIdOrOptions]
   * @param {import('../../identity').TokenCredentialOptions} [options]
   */
  constructor(clientIdOrOptions, options) {
    const given = typeof clientIdOrOptions === 'string' ? { ...options, clientId: clientIdOrOptions } : { ...clientIdOrOptions }
    this.#acquisition = managedIdentityOf(given, variables())
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    checkScopes(scopes)
    return this.#acquisition.getToken(scopes, options)
  }
}

/**
 * @param {Record<string, any>} given
 * @param {import('./environment').Variables} environment
 * @param {boolean} [isLookedFor] whether to probe the metadata service before the request, because other credentials follow
 */
function managedIdentityOf(given, environment, isLookedFor = false) {
  const identity = identityOf(given)
  const { authorityHost, ...shared } = sharedOptions(given)
  checkAuthority(authorityHost, environment)
  checkChoice(identity, environment)
  const exchange = exchangeOf(identity, environment)
  if (exchange !== undefined) return new Acquisition({ options: { ...exchange, ...shared, authorityHost }, variables: environment, family: 'managedIdentity', given })
  const own = { credential: 'managedIdentity', ...identity }
  const options = isLookedFor ? { credential: 'chain', chain: [own, { credential: 'environment' }] } : own
  return new Acquisition({ options: { ...options, ...shared }, variables: environment, changes: WITHOUT_APPLICATION, family: 'managedIdentity', given })
}

/** @param {Record<string, any>} given */
function identityOf({ clientId, resourceId, objectId }) {
  const ids = Object.entries({ clientId, resourceId, objectId }).filter(([, id]) => id)
  if (ids.length > 1) throw new Error(`ManagedIdentityCredential is created with ${ids.map(([name]) => name).join(' and ')}. Pass one of them.`)
  return Object.fromEntries(ids)
}

/**
 * Hosts on which a program cannot choose the identity.
 * @param {Record<string, string>} identity
 * @param {import('./environment').Variables} environment
 */
function checkChoice(identity, { read }) {
  if (Object.keys(identity).length === 0) return
  const isService = read('IDENTITY_ENDPOINT') && read('IDENTITY_HEADER')
  const isServiceFabric = isService && read('IDENTITY_SERVER_THUMBPRINT')
  const isCloudShell = !isService && read('MSI_ENDPOINT') && !read('MSI_SECRET')
  if (!isServiceFabric && !isCloudShell) return
  const host = isServiceFabric ? 'Service Fabric' : 'Cloud Shell'
  throw new CredentialUnavailableError(`ManagedIdentityCredential cannot choose an identity in ${host}. Leave clientId, resourceId and objectId out.`)
}

/**
 * In a pod of Azure Kubernetes Service the workload identity replaces a managed identity.
 * @param {Record<string, string>} identity
 * @param {import('./environment').Variables} environment
 */
function exchangeOf(identity, { read }) {
  const clientId = identity.clientId ?? read('AZURE_CLIENT_ID')
  const [tenantId, tokenFilePath] = [read('AZURE_TENANT_ID'), read('AZURE_FEDERATED_TOKEN_FILE')]
  return clientId && tenantId && tokenFilePath ? { credential: 'workloadIdentity', tenantId, clientId, tokenFilePath } : undefined
}

/** @param {unknown} scopes */
function checkScopes(scopes) {
  if (!Array.isArray(scopes) || scopes.length === 1) return
  throw new CredentialUnavailableError('ManagedIdentityCredential takes one scope for a token. Ask for each scope in a call of its own.')
}

module.exports = { ManagedIdentityCredential, managedIdentityOf }
