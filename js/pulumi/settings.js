// @ts-check
'use strict'

/** The namespace of the provider's settings in a stack's configuration, and of its functions. */
const packageName = 'azure-native'

/** The type under which the engine knows an explicit provider of the package. */
const providerType = `pulumi:providers:${packageName}`

/** Every setting that takes part in choosing and using a login, by its name in the provider's configuration. */
const settingNames = Object.freeze([
  'clientId',
  'clientSecret',
  'tenantId',
  'subscriptionId',
  'clientCertificatePath',
  'clientCertificatePassword',
  'auxiliaryTenantIds',
  'useOidc',
  'oidcToken',
  'oidcTokenFilePath',
  'oidcRequestToken',
  'oidcRequestUrl',
  'oidcAudience',
  'useMsi',
  'msiEndpoint',
  'useDefaultAzureCredential',
  'disableInstanceDiscovery',
  'metadataHost',
  'environment'
])

/** The settings that count as unset if an explicit provider has them empty, so that the environment applies. */
const unsetWhenEmpty = Object.freeze(['clientId', 'clientSecret', 'clientCertificatePassword'])

module.exports = { packageName, providerType, settingNames, unsetWhenEmpty }
