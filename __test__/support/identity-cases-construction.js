// @ts-check
'use strict'

// Cases of the drop-in that only construct objects: see identity-cases.js.

const { SCOPE, WHY, configurationError, options, secretOf } = require('./identity-cases-common')

/**
 * @typedef {import('./identity-cases-common').Case} Case
 * @typedef {import('./identity-cases-common').Context} Context
 * @typedef {import('./identity-cases-common').Identity} Identity
 */

/** @type {Case[]} */
const errorCases = [
  ['CredentialUnavailableError', 'm'], ['CredentialUnavailableError'], ['CredentialUnavailableError', 'm', { cause: 'c' }],
  ['AuthenticationError', 401, { error: 'invalid_client', error_description: 'd', error_codes: [7000215], trace_id: 't', correlation_id: 'c', timestamp: 'now' }],
  ['AuthenticationError', 400, '{"error":"e","error_description":"d","error_codes":[1]}'], ['AuthenticationError', 500, null],
  ['AuthenticationError', 500, undefined], ['AuthenticationError', 500, { error: 1 }],
  ['AggregateAuthenticationError', [], 'm'], ['AuthenticationRequiredError', { scopes: ['s'], message: 'm' }],
  ['AuthenticationRequiredError', { scopes: ['s'], getTokenOptions: { claims: '{}' }, cause: 'c' }],
].map(([name, ...parameters], index) => ({
  name: `new ${name}, ${index}`,
  run(identity) {
    const { statusCode, errorResponse: response, errors, scopes, getTokenOptions, cause, name: named } = new /** @type {any} */ (identity)[/** @type {string} */ (name)](...parameters)
    // Each package has its own description if the service gave none.
    const errorResponse = response && { ...response, errorDescription: response.errorDescription === 'd' }
    return { named, statusCode, errorResponse, errors, scopes, getTokenOptions, cause }
  },
}))

/** Constructors without a required argument. @type {Case[]} */
const missingCases = /** @type {[string, (identity: Identity, c: Context) => unknown][]} */ ([
  ['ClientSecretCredential without a tenant', (i, c) => new i.ClientSecretCredential('', c.clientId, c.clientSecret)],
  ['ClientSecretCredential without a client', (i, c) => new i.ClientSecretCredential(c.tenantId, '', c.clientSecret)],
  ['ClientSecretCredential without a secret', (i, c) => new i.ClientSecretCredential(c.tenantId, c.clientId, '')],
  ['ClientSecretCredential with a malformed tenant', (i, c) => new i.ClientSecretCredential('a b', c.clientId, c.clientSecret)],
  ['ClientSecretCredential at http', (i, c) => secretOf(i, c, { authorityHost: 'http://localhost' })],
  ['ClientCertificateCredential without a tenant', (i, c) => new i.ClientCertificateCredential('', c.clientId, c.certificatePath)],
  ['ClientCertificateCredential without a client', (i, c) => new i.ClientCertificateCredential(c.tenantId, '', c.certificatePath)],
  ['ClientCertificateCredential without a certificate', (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, /** @type {any} */ ({}))],
  ['ClientCertificateCredential with an empty path', (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, '')],
  ['ClientCertificateCredential with both forms', (i, c) => new i.ClientCertificateCredential(c.tenantId, c.clientId, /** @type {any} */ ({ certificate: 'x', certificatePath: 'y' }))],
  ['ClientAssertionCredential without a tenant', (i, c) => new i.ClientAssertionCredential('', c.clientId, async () => 'a')],
  ['ClientAssertionCredential without a client', (i, c) => new i.ClientAssertionCredential(c.tenantId, '', async () => 'a')],
  ['ClientAssertionCredential without a function', (i, c) => new i.ClientAssertionCredential(c.tenantId, c.clientId, /** @type {any} */ (undefined))],
  ['WorkloadIdentityCredential without anything', (i) => new i.WorkloadIdentityCredential()],
  ['WorkloadIdentityCredential without a tenant', (i, c) => new i.WorkloadIdentityCredential({ clientId: c.clientId, tokenFilePath: c.tokenFile })],
  ['WorkloadIdentityCredential without a client', (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, tokenFilePath: c.tokenFile })],
  ['WorkloadIdentityCredential without a file', (i, c) => new i.WorkloadIdentityCredential({ tenantId: c.tenantId, clientId: c.clientId })],
  ['WorkloadIdentityCredential with a malformed tenant', (i, c) => new i.WorkloadIdentityCredential({ tenantId: 'a/b', clientId: c.clientId, tokenFilePath: c.tokenFile })],
  ['AzurePipelinesCredential without a tenant', (i, c) => new i.AzurePipelinesCredential('', c.clientId, 's', 't')],
  ['AzurePipelinesCredential without a client', (i, c) => new i.AzurePipelinesCredential(c.tenantId, '', 's', 't')],
  ['AzurePipelinesCredential without a connection', (i, c) => new i.AzurePipelinesCredential(c.tenantId, c.clientId, '', 't')],
  ['AzurePipelinesCredential without a token', (i, c) => new i.AzurePipelinesCredential(c.tenantId, c.clientId, 's', '')],
  ['AzurePipelinesCredential outside of a pipeline', (i, c) => new i.AzurePipelinesCredential(c.tenantId, c.clientId, 's', 't')],
  ['OnBehalfOfCredential without a tenant', (i, c) => new i.OnBehalfOfCredential({ tenantId: '', clientId: c.clientId, clientSecret: 's', userAssertionToken: 'u' })],
  ['OnBehalfOfCredential without a client', (i, c) => new i.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: '', clientSecret: 's', userAssertionToken: 'u' })],
  ['OnBehalfOfCredential without a proof', (i, c) => new i.OnBehalfOfCredential(/** @type {any} */ ({ tenantId: c.tenantId, clientId: c.clientId, userAssertionToken: 'u' }))],
  ['OnBehalfOfCredential without a user', (i, c) => new i.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: c.clientId, clientSecret: 's', userAssertionToken: '' })],
  ['ManagedIdentityCredential with two ids', (i) => new i.ManagedIdentityCredential(/** @type {any} */ ({ clientId: 'a', objectId: 'b' }))],
  ['ManagedIdentityCredential at http', (i) => new i.ManagedIdentityCredential({ authorityHost: 'http://localhost' })],
  ['AzureCliCredential with a malformed tenant', (i) => new i.AzureCliCredential({ tenantId: 'a b' })],
  ['AzureCliCredential with a malformed subscription', (i) => new i.AzureCliCredential({ subscription: 'a;b' })],
  ['AzureDeveloperCliCredential with a malformed tenant', (i) => new i.AzureDeveloperCliCredential({ tenantId: 'a b' })],
  ['AzurePowerShellCredential with a malformed tenant', (i) => new i.AzurePowerShellCredential({ tenantId: 'a b' })],
  ['DefaultAzureCredential without a required variable', (i) => new i.DefaultAzureCredential({ requiredEnvVars: 'AZURE_CLIENT_ID' })],
  ['DefaultAzureCredential without required variables', (i) => new i.DefaultAzureCredential({ requiredEnvVars: ['AZURE_CLIENT_ID', 'AZURE_TENANT_ID'] })],
  ['a record of another version', (i) => i.deserializeAuthenticationRecord('{"version":"2.0"}')],
  ['a record that is no JSON', (i) => i.deserializeAuthenticationRecord('x')],
]).map(([name, run]) => ({ name, run: (identity, c) => void run(identity, c) }))

/** Arguments that both packages accept. @type {Case[]} */
const madeCases = /** @type {[string, (identity: Identity, c: Context) => unknown][]} */ ([
  ['the record comes back', (i) => i.deserializeAuthenticationRecord(i.serializeAuthenticationRecord({ authority: 'a', homeAccountId: 'h', clientId: 'c', tenantId: 't', username: 'u' }))],
  ['the authorities', (i) => i.AzureAuthorityHosts],
  ['the names of errors', (i) => [i.CredentialUnavailableErrorName, i.AuthenticationErrorName, i.AggregateAuthenticationErrorName]],
  ['the names of all values', (i) => Object.keys(i).sort()],
  ['the logger', (i) => Object.entries(i.logger).map(([level, write]) => [level, typeof write, write.namespace, write.enabled, typeof write.log, typeof write.extend, typeof write.destroy]).sort()],
  ['DefaultAzureCredential is a chain', (i) => new i.DefaultAzureCredential() instanceof i.ChainedTokenCredential],
  ['getDefaultAzureCredential gives one', (i) => i.getDefaultAzureCredential() instanceof i.DefaultAzureCredential],
  ['errors are errors', (i) => new i.AuthenticationError(400, null) instanceof Error],
]).map(([name, run]) => ({ name, run }))

/** @type {Case[]} */
const loggedCases = ['error', 'warning', 'info', 'verbose'].map((level) => ({
  name: `AZURE_LOG_LEVEL=${level}: the levels that it enables`,
  environment: () => ({ AZURE_LOG_LEVEL: level }),
  run: (identity) => Object.entries(identity.logger).map(([name, { namespace }]) => [name, namespace]).sort(),
}))

/** Options without effect, and options that cannot be honoured. @type {Case[]} */
const optionCases = [
  ...[{ loggingOptions: { allowLoggingAccountIdentifiers: true } }, { userAgentOptions: { userAgentPrefix: 'p' } }, { additionallyAllowedTenants: [] }, { brokerOptions: { enabled: false } }, { tokenCachePersistenceOptions: { enabled: false } }, { retryOptions: undefined }].map((more) => ({
    name: `a token with ${JSON.stringify(more)}`,
    run: (/** @type {Identity} */ identity, /** @type {Context} */ c) => secretOf(identity, c, more).getToken(SCOPE),
  })),
  ...[{ redirectOptions: { maxRetries: 1 } }, { telemetryOptions: {} }, { additionalPolicies: [] }, { agent: undefined, tlsOptions: { passphrase: 'p' } }].map((more) => ({
    name: `refused: ${JSON.stringify(more)}`,
    run: (/** @type {Identity} */ identity, /** @type {Context} */ c) => void secretOf(identity, c, more),
    differs: { why: WHY.refused, ours: configurationError },
  })),
  {
    name: 'refused: an httpClient', run: (identity, c) => void secretOf(identity, c, { httpClient: { sendRequest() {} } }),
    differs: { why: WHY.refused, ours: configurationError },
  },
  {
    name: 'tokens on disk without a plug-in', run: (identity, c) => secretOf(identity, c, { tokenCachePersistenceOptions: { enabled: true } }) && 'made',
    differs: { why: WHY.plugin, ours: { value: 'made' } },
  },
  {
    name: 'tokens on behalf of a user on disk', run: (identity, c) => void new identity.OnBehalfOfCredential({ tenantId: c.tenantId, clientId: c.clientId, clientSecret: c.clientSecret, userAssertionToken: 'a', tokenCachePersistenceOptions: { enabled: true } }),
    differs: { why: WHY.refused, ours: configurationError },
  },
  {
    name: 'useIdentityPlugin', run: (identity) => void identity.useIdentityPlugin(() => {}),
    differs: { why: WHY.refused, ours: configurationError },
  },
  ...['InteractiveBrowserCredential', 'DeviceCodeCredential', 'VisualStudioCodeCredential'].map((name) => ({
    name: `new ${name}`, run: (/** @type {any} */ identity) => void new identity[name]({}),
    differs: { why: WHY.person, ours: configurationError },
  })),
  {
    name: 'new AuthorizationCodeCredential', run: (identity, c) => void new identity.AuthorizationCodeCredential(c.tenantId, c.clientId, 'code', 'http://localhost', options(c)),
    differs: { why: WHY.person, ours: configurationError },
  },
  {
    name: 'new UsernamePasswordCredential', run: (identity, c) => void new identity.UsernamePasswordCredential(c.tenantId, c.clientId, 'u', 'p', options(c)),
    differs: { why: WHY.person, ours: configurationError },
  },
]

/** @type {Case[]} */
const cases = [...errorCases, ...missingCases, ...madeCases, ...loggedCases, ...optionCases]

module.exports = { cases }
