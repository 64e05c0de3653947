// @ts-check
'use strict'

// The common parts of the drop-in's cases: see identity-cases.js.

/**
 * @typedef {typeof import('../../identity')} Identity
 * @typedef {import('../../identity').TokenCredential} TokenCredential
 *
 * @typedef {object} Context the data of the emulator and the machine for a case
 * @property {string} authorityHost
 * @property {string} tenantId
 * @property {string} otherTenantId
 * @property {string} clientId
 * @property {string} clientSecret
 * @property {string} certificatePath
 * @property {string} certificate
 * @property {string} encryptedCertificatePath
 * @property {string} tokenFile
 * @property {string} emptyFile
 * @property {string} userToken
 * @property {{ requestUrl: string, accessToken: string, serviceConnectionId: string }} azureDevops
 * @property {string} userAssigned the client id of a user-assigned identity
 * @property {Record<'imds' | 'appService' | 'cloudShell' | 'azureMl', Record<string, string>>} hosts
 * @property {string} closed an address at which no server listens
 *
 * @typedef {object} Difference
 * @property {string} why
 * @property {Record<string, unknown>} [ours] the outcome with this package, if it differs
 * @property {boolean} [requests] the requests differ
 *
 * @typedef {object} Case
 * @property {string} name
 * @property {(c: Context) => Record<string, string>} [environment]
 * @property {Record<string, import('./stand-in').Behaviour>} [tools]
 * @property {object} [fault] of the emulator
 * @property {number[]} [waits] the minimum of milliseconds between one request and the next
 * @property {boolean} [alone] in a separate process, because the original detects the host of a managed identity once in a process
 * @property {(identity: Identity, c: Context) => unknown} run
 * @property {Difference} [differs]
 */

const SCOPE = 'https://management.azure.com/.default'
const GRAPH = 'https://graph.microsoft.com/.default'
const NOWHERE = '11111111-1111-4111-8111-111111111111'

const WHY = {
  refused: 'an option that cannot be honoured is refused by name, never ignored',
  plugin: 'tokens are kept on this machine without a plug-in',
  person: 'this package has no interactive login, and says so where the credential is made',
  setting: 'a wrong setting is a ConfigurationError, which names it',
  outage: 'what passes ends a chain, so that no other identity takes over for as long as it lasts',
  crash: 'the original fails with a TypeError of its own making',
  abort: 'a call ends with its signal; the original does not hand the signal on',
  challenge: 'who gets a text has no place to hand a claims challenge on, so that no token for CAE is asked for',
  silent: 'each member of a chain that is passed over says why',
}

/** @param {Context} c @param {object} [more] */
const options = (c, more) => ({ authorityHost: c.authorityHost, disableInstanceDiscovery: true, ...more })

/** @param {Identity} identity @param {Context} c @param {any} [more] */
const secretOf = (identity, c, more) => new identity.ClientSecretCredential(c.tenantId, c.clientId, c.clientSecret, options(c, more))

/** The variables of the default application, and of its authority. @param {Context} c */
const application = (c) => ({ AZURE_TENANT_ID: c.tenantId, AZURE_CLIENT_ID: c.clientId, AZURE_CLIENT_SECRET: c.clientSecret, AZURE_AUTHORITY_HOST: c.authorityHost })

/** The login of another tenant, in the variables that Pulumi's provider and Terraform read. */
const OTHER_LOGINS = {
  ARM_TENANT_ID: NOWHERE, ARM_CLIENT_ID: NOWHERE, ARM_CLIENT_SECRET: 'of-no-application', ARM_ENVIRONMENT: 'china', ARM_USE_OIDC: 'true', ARM_OIDC_TOKEN: 'none',
  ARM_USE_MSI: 'true', ARM_METADATA_HOSTNAME: 'localhost:1', AZURE_ENVIRONMENT: 'AzureUSGovernment',
  PULUMI_CONFIG: JSON.stringify({ 'azure-native:tenantId': NOWHERE, 'azure-native:clientId': NOWHERE, 'azure-native:clientSecret': 'of-no-application' }),
}

const configurationError = { class: 'ConfigurationError', name: 'ConfigurationError' }
const ended = { class: 'AuthenticationError', name: 'AuthenticationError' }

module.exports = { GRAPH, NOWHERE, OTHER_LOGINS, SCOPE, WHY, application, configurationError, ended, options, secretOf }
