// @ts-check
'use strict'

/**
 * @typedef {import('./messages').Request} Request
 * @typedef {{ metadata?: object }} DiscoveryOptions `metadata` overrides parts of the Resource Manager document
 */

/**
 * `GET /{tenant}/v2.0/.well-known/openid-configuration`
 * @param {Request} request
 * @param {string} tenant
 */
function openidConfiguration({ origin }, tenant) {
  return {
    ...commonConfiguration(origin, tenant),
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    issuer: `${origin}/${tenant}/v2.0`
  }
}

/**
 * `GET /{tenant}/.well-known/openid-configuration`, whose issuer is the one in the tokens.
 * @param {Request} request
 * @param {string} tenant
 */
function openidConfigurationV1({ origin }, tenant) {
  return {
    ...commonConfiguration(origin, tenant),
    token_endpoint: `${origin}/${tenant}/oauth2/token`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/authorize`,
    issuer: `https://sts.windows.net/${tenant}/`
  }
}

/**
 * @param {string} origin
 * @param {string} tenant
 */
function commonConfiguration(origin, tenant) {
  const host = new URL(origin).host
  return {
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    tenant_region_scope: null,
    cloud_instance_name: host
  }
}

/**
 * `GET /common/discovery/instance`: which hosts belong to the same cloud.
 * @param {Request} request
 */
function instanceDiscovery({ origin, query }) {
  const { host } = new URL(origin)
  const tenant = tenantOf(query.get('authorization_endpoint')) ?? 'common'
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }]
  }
}

/** @param {string | null} endpoint */
function tenantOf(endpoint) {
  if (!endpoint || !URL.canParse(endpoint)) return undefined
  return new URL(endpoint).pathname.split('/')[1] || undefined
}

/**
 * `GET /metadata/endpoints?api-version=2022-09-01`: how Azure Resource Manager describes its cloud.
 * @param {Request} request
 * @param {DiscoveryOptions} options
 */
function cloudMetadata({ origin }, { metadata }) {
  return {
    name: 'EmulatedCloud',
    portal: `${origin}/portal`,
    authentication: {
      loginEndpoint: `${origin}/`,
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
      tenant: 'common',
      identityProvider: 'AAD'
    },
    graphAudience: 'https://graph.microsoft.com/',
    resourceManager: 'https://management.azure.com/',
    microsoftGraphResourceId: 'https://graph.microsoft.com/',
    suffixes: { keyVaultDns: 'vault.azure.net', storage: 'core.windows.net' },
    ...metadata
  }
}

module.exports = { cloudMetadata, instanceDiscovery, openidConfiguration, openidConfigurationV1 }
