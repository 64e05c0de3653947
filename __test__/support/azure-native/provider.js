// @ts-check
'use strict'

const pulumi = require('@pulumi/pulumi')

/** @typedef {import('./provider').ProviderArgs} ProviderArgs */

const plain = /** @type {const} */ ([
  'clientCertificatePath', 'location', 'metadataHost', 'msiEndpoint', 'oidcRequestToken', 'oidcRequestUrl',
  'oidcToken', 'oidcTokenFilePath', 'partnerId', 'subscriptionId', 'tenantId'
])
const secret = /** @type {const} */ (['clientCertificatePassword', 'clientId', 'clientSecret'])
const json = /** @type {const} */ ([
  'auxiliaryTenantIds', 'disableInstanceDiscovery', 'disablePulumiPartnerId', 'useDefaultAzureCredential', 'useMsi', 'useOidc'
])

/**
 * A stand-in for `Provider` of @pulumi/azure-native 3.28.0 (package/provider.js): the same type, with the same inputs in the same form.
 * Inputs that are not set are present as undefined.
 */
class Provider extends pulumi.ProviderResource {
  /**
   * @param {string} name
   * @param {ProviderArgs} [args]
   * @param {import('@pulumi/pulumi').ResourceOptions} [opts]
   */
  constructor(name, args = {}, opts) {
    super('azure-native', name, wireForm(args), opts)
  }
}

/**
 * @param {ProviderArgs} args
 * @returns {import('@pulumi/pulumi').Inputs}
 */
function wireForm(args) {
  return {
    ...Object.fromEntries(plain.map((key) => [key, args[key]])),
    ...Object.fromEntries(secret.map((key) => [key, args[key] ? pulumi.secret(args[key]) : undefined])),
    ...Object.fromEntries(json.map((key) => [key, pulumi.output(args[key]).apply((value) => JSON.stringify(value))])),
    environment: args.environment ?? 'public'
  }
}

module.exports = { Provider }
