// @ts-check
'use strict'

const { applicationOf } = require('./application')
const { checkTenantId } = require('./checks')
const { variables } = require('./environment')
const { CredentialUnavailableError } = require('./errors')

/** A pod of Azure Kubernetes Service. Options that are not set come from the variables that its webhook sets. */
class WorkloadIdentityCredential {
  static keepsTokens = true

  #acquisition

  /** @param {import('../../identity').WorkloadIdentityCredentialOptions} [options] */
  constructor(options) {
    this.#acquisition = workloadOf(options ?? {}, variables())
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

/**
 * @param {import('../../identity').WorkloadIdentityCredentialOptions} given
 * @param {import('./environment').Variables} environment
 */
function workloadOf(given, environment) {
  const tenantId = given.tenantId || environment.read('AZURE_TENANT_ID')
  if (tenantId) checkTenantId(tenantId)
  const clientId = present(given.clientId || environment.read('AZURE_CLIENT_ID'), 'clientId', 'AZURE_CLIENT_ID')
  present(tenantId, 'tenantId', 'AZURE_TENANT_ID')
  const file = given.tokenFilePath || environment.read('AZURE_FEDERATED_TOKEN_FILE')
  const tokenFilePath = present(file, 'tokenFilePath', 'AZURE_FEDERATED_TOKEN_FILE')
  if (given.enableAzureProxy) checkProxy(environment)
  const own = { credential: 'workloadIdentity', tenantId, clientId, tokenFilePath, enableAzureProxy: given.enableAzureProxy || undefined }
  return applicationOf(own, given, environment, 'workload')
}

/**
 * Checks the variables of the cluster's identity-binding proxy before the first call.
 * @param {import('./environment').Variables} environment
 */
function checkProxy({ read }) {
  const address = read('AZURE_KUBERNETES_TOKEN_PROXY')
  const [file, data] = [read('AZURE_KUBERNETES_CA_FILE'), read('AZURE_KUBERNETES_CA_DATA')]
  if (address !== undefined) checkProxyAddress(address)
  else if (file ?? data ?? read('AZURE_KUBERNETES_SNI_NAME')) throw unusableProxy('AZURE_KUBERNETES_TOKEN_PROXY is not set, but others of its variables are')
  if (file && data) throw unusableProxy('AZURE_KUBERNETES_CA_FILE and AZURE_KUBERNETES_CA_DATA are both set')
}

/** @param {string} address */
function checkProxyAddress(address) {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isPlain = url?.protocol === 'https:' && !url.username && !url.password && !url.search && !url.hash
  if (!isPlain) throw unusableProxy('AZURE_KUBERNETES_TOKEN_PROXY is not a plain https address')
}

/** @param {string} reason */
function unusableProxy(reason) {
  return new CredentialUnavailableError(`WorkloadIdentityCredential cannot use the proxy of the cluster: ${reason}. Correct the variables, or leave enableAzureProxy out.`)
}

/**
 * @param {string | undefined} value
 * @param {string} name
 * @param {string} variable
 */
function present(value, name, variable) {
  if (value) return value
  throw new CredentialUnavailableError(`WorkloadIdentityCredential has no ${name}. Pass the option, or set ${variable}.`)
}

module.exports = { WorkloadIdentityCredential, workloadOf }
