// @ts-check
'use strict'

// The drop-in's treatment of each option of @azure/identity. `from` and `to` are two sets of options that differ only in that option.

const { NOWHERE } = require('./identity-cases-common')

/** @typedef {{ verdict: 'honoured' | 'without effect' | 'refused', from?: any, to: any }} Row */

const CA = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----'
const POLICY = { name: 'p', sendRequest() {} }
const PROXY = { host: 'http://127.0.0.1', port: 1, username: 'u' }

/** @param {any} to @param {any} [from] @returns {Row} */
const honoured = (to, from = {}) => ({ verdict: 'honoured', from, to })
/** @param {any} to @returns {Row} */
const ineffective = (to) => ({ verdict: 'without effect', from: {}, to })
/** @param {any} to @returns {Row} */
const refused = (to) => ({ verdict: 'refused', to })

/** The options of every constructor. A row for an object applies to its members unless they have their own rows. @type {Record<string, Row>} */
const CONSTRUCTORS = {
  authorityHost: honoured({ authorityHost: 'https://localhost:1/' }),
  additionallyAllowedTenants: honoured({ additionallyAllowedTenants: ['*'] }),
  disableInstanceDiscovery: ineffective({ disableInstanceDiscovery: true }),
  allowInsecureConnection: ineffective({ allowInsecureConnection: true }),
  loggingOptions: ineffective({ loggingOptions: { allowLoggingAccountIdentifiers: true, enableUnsafeSupportLogging: true, additionalAllowedHeaderNames: ['a'], additionalAllowedQueryParameters: ['a'] } }),
  userAgentOptions: ineffective({ userAgentOptions: { userAgentPrefix: 'p' } }),
  'retryOptions.maxRetries': honoured({ retryOptions: { maxRetries: 1 } }),
  'retryOptions.retryDelayInMs': honoured({ retryOptions: { retryDelayInMs: 1 } }),
  'retryOptions.maxRetryDelayInMs': honoured({ retryOptions: { maxRetryDelayInMs: 1 } }),
  'proxyOptions.host': honoured({ proxyOptions: { ...PROXY, host: 'http://other' } }, { proxyOptions: PROXY }),
  'proxyOptions.port': honoured({ proxyOptions: { ...PROXY, port: 2 } }, { proxyOptions: PROXY }),
  'proxyOptions.username': honoured({ proxyOptions: { ...PROXY, username: 'other' } }, { proxyOptions: PROXY }),
  'proxyOptions.password': honoured({ proxyOptions: { ...PROXY, password: 'p' } }, { proxyOptions: PROXY }),
  'tlsOptions.ca': honoured({ tlsOptions: { ca: CA } }),
  'tlsOptions.cert': refused({ tlsOptions: { cert: CA } }),
  'tlsOptions.key': refused({ tlsOptions: { key: CA } }),
  'tlsOptions.passphrase': refused({ tlsOptions: { passphrase: 'p' } }),
  'tlsOptions.pfx': refused({ tlsOptions: { pfx: 'p' } }),
  httpClient: refused({ httpClient: { sendRequest() {} } }),
  additionalPolicies: refused({ additionalPolicies: [{ policy: POLICY, position: 'perCall' }] }),
  agent: refused({ agent: {} }),
  redirectOptions: refused({ redirectOptions: { maxRetries: 0 } }),
  telemetryOptions: refused({ telemetryOptions: { clientRequestIdHeaderName: 'x' } }),
  'tokenCachePersistenceOptions.enabled': honoured({ tokenCachePersistenceOptions: { enabled: true } }),
  'tokenCachePersistenceOptions.name': honoured({ tokenCachePersistenceOptions: { enabled: true, name: 'n' } }, { tokenCachePersistenceOptions: { enabled: true } }),
  'tokenCachePersistenceOptions.unsafeAllowUnencryptedStorage': honoured({ tokenCachePersistenceOptions: { enabled: true, unsafeAllowUnencryptedStorage: true } }, { tokenCachePersistenceOptions: { enabled: true } }),
  tenantId: honoured({ tenantId: NOWHERE }),
  clientId: honoured({ clientId: NOWHERE }),
  resourceId: honoured({ resourceId: '/subscriptions/s' }),
  objectId: honoured({ objectId: NOWHERE }),
  tokenFilePath: honoured({ tokenFilePath: '/nowhere/other' }),
  enableAzureProxy: honoured({ enableAzureProxy: true }),
  subscription: honoured({ subscription: 's' }),
  processTimeoutInMs: honoured({ processTimeoutInMs: 1 }),
  requiredEnvVars: honoured({ requiredEnvVars: 'NOT_SET' }),
  managedIdentityClientId: honoured({ managedIdentityClientId: NOWHERE }),
  managedIdentityResourceId: honoured({ managedIdentityResourceId: '/subscriptions/s' }),
  workloadIdentityClientId: honoured({ workloadIdentityClientId: NOWHERE }),
  sendCertificateChain: honoured({ sendCertificateChain: true }),
  certificate: honoured({ certificate: 'c', certificatePath: undefined }),
  certificatePath: honoured({ certificatePath: '/nowhere/other' }),
  certificatePassword: honoured({ certificatePassword: 'p' }),
  clientSecret: honoured({ clientSecret: 'other', certificatePath: undefined }),
  getAssertion: honoured({ getAssertion: async () => 'a', clientSecret: undefined, certificatePath: undefined }),
  userAssertionToken: honoured({ userAssertionToken: 'other' }),
}

/** The tool makes the requests with its own settings, in the original as well. */
const OF_REQUESTS = ['authorityHost', 'retryOptions', 'proxyOptions', 'tlsOptions.ca']

/** The rows of classes that differ from the others. @type {Record<string, Record<string, Row>>} */
const OF_CLASSES = {
  ...Object.fromEntries(['AzureCliCredential', 'AzureDeveloperCliCredential', 'AzurePowerShellCredential'].map((name) => [name, Object.fromEntries(
    Object.entries(CONSTRUCTORS).filter(([option]) => OF_REQUESTS.some((one) => option.startsWith(one))).map(([option, row]) => [option, { ...row, verdict: /** @type {const} */ ('without effect') }]),
  )])),
  // A request to a host has no authority, but the original checks the option.
  ManagedIdentityCredential: { authorityHost: honoured({ authorityHost: 'http://localhost' }) },
  OnBehalfOfCredential: { tokenCachePersistenceOptions: refused({ tokenCachePersistenceOptions: { enabled: true } }) },
}

/** Of a call. @type {Record<string, Row>} */
const CALLS = {
  abortSignal: honoured({ abortSignal: AbortSignal.abort() }),
  requestOptions: honoured({ requestOptions: { timeout: 1 } }),
  tracingOptions: ineffective({ tracingOptions: { tracingContext: {} } }),
  claims: honoured({ claims: '{"access_token":{}}' }),
  enableCae: honoured({ enableCae: true }),
  tenantId: honoured({ tenantId: NOWHERE }),
  proofOfPossessionOptions: refused({ proofOfPossessionOptions: { nonce: 'n', resourceRequestMethod: 'GET', resourceRequestUrl: 'https://a' } }),
}

/** The row of an option, or of the object that it is a member of. @param {Record<string, Row>} rows @param {string} path */
function rowOf(rows, path) {
  return rows[path] ?? rows[path.split('.')[0]]
}

/** @param {string} name @param {string} path @returns {Row | undefined} */
function constructorRow(name, path) {
  return rowOf(OF_CLASSES[name] ?? {}, path) ?? rowOf(CONSTRUCTORS, path)
}

module.exports = { CALLS, CONSTRUCTORS, OF_CLASSES, constructorRow }
