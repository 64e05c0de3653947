// @ts-check
'use strict'

// A drop-in for @azure/identity. `require` loads only this file; reading a class for the first time loads its file.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

exports.getDefaultAzureCredential = getDefaultAzureCredential
exports.getBearerTokenProvider = getBearerTokenProvider

/** The files of the exported values. Reading one of these values loads its file. */
const families = {
  get errors() { return loadModule(() => require('./js/identity/errors')) },
  get clouds() { return loadModule(() => require('./js/identity/clouds')) },
  get chain() { return loadModule(() => require('./js/identity/chain')) },
  get defaultChain() { return loadModule(() => require('./js/identity/default')) },
  get environmentCredential() { return loadModule(() => require('./js/identity/environment-credential')) },
  get application() { return loadModule(() => require('./js/identity/application')) },
  get workloadIdentity() { return loadModule(() => require('./js/identity/workload-identity')) },
  get managedIdentity() { return loadModule(() => require('./js/identity/managed-identity')) },
  get pipelines() { return loadModule(() => require('./js/identity/pipelines')) },
  get onBehalfOf() { return loadModule(() => require('./js/identity/on-behalf-of')) },
  get developerTools() { return loadModule(() => require('./js/identity/developer-tools')) },
  get interactive() { return loadModule(() => require('./js/identity/interactive')) },
  get logger() { return loadModule(() => require('./js/identity/logger')) },
  get records() { return loadModule(() => require('./js/identity/authentication-record')) },
}

/** The exported values, by their names. */
const lazy = {
  get AggregateAuthenticationError() { return families.errors.AggregateAuthenticationError },
  get AggregateAuthenticationErrorName() { return families.errors.AggregateAuthenticationErrorName },
  get AuthenticationError() { return families.errors.AuthenticationError },
  get AuthenticationErrorName() { return families.errors.AuthenticationErrorName },
  get AuthenticationRequiredError() { return families.errors.AuthenticationRequiredError },
  get CredentialUnavailableError() { return families.errors.CredentialUnavailableError },
  get CredentialUnavailableErrorName() { return families.errors.CredentialUnavailableErrorName },
  get AzureAuthorityHosts() { return families.clouds.AzureAuthorityHosts },
  get ChainedTokenCredential() { return families.chain.ChainedTokenCredential },
  get DefaultAzureCredential() { return families.defaultChain.DefaultAzureCredential },
  get EnvironmentCredential() { return families.environmentCredential.EnvironmentCredential },
  get ClientSecretCredential() { return families.application.ClientSecretCredential },
  get ClientCertificateCredential() { return families.application.ClientCertificateCredential },
  get ClientAssertionCredential() { return families.application.ClientAssertionCredential },
  get WorkloadIdentityCredential() { return families.workloadIdentity.WorkloadIdentityCredential },
  get ManagedIdentityCredential() { return families.managedIdentity.ManagedIdentityCredential },
  get AzurePipelinesCredential() { return families.pipelines.AzurePipelinesCredential },
  get OnBehalfOfCredential() { return families.onBehalfOf.OnBehalfOfCredential },
  get AzureCliCredential() { return families.developerTools.AzureCliCredential },
  get AzureDeveloperCliCredential() { return families.developerTools.AzureDeveloperCliCredential },
  get AzurePowerShellCredential() { return families.developerTools.AzurePowerShellCredential },
  get InteractiveBrowserCredential() { return families.interactive.InteractiveBrowserCredential },
  get DeviceCodeCredential() { return families.interactive.DeviceCodeCredential },
  get AuthorizationCodeCredential() { return families.interactive.AuthorizationCodeCredential },
  get UsernamePasswordCredential() { return families.interactive.UsernamePasswordCredential },
  get VisualStudioCodeCredential() { return families.interactive.VisualStudioCodeCredential },
  get useIdentityPlugin() { return families.interactive.useIdentityPlugin },
  get logger() { return families.logger.logger },
  get serializeAuthenticationRecord() { return families.records.serializeAuthenticationRecord },
  get deserializeAuthenticationRecord() { return families.records.deserializeAuthenticationRecord },
}

// As in index.js: configurable for test runners, and in the form that `import` and bundlers find in the text.
for (const name of Object.keys(lazy)) exports[name] = undefined

Object.defineProperty(exports, 'AggregateAuthenticationError', { enumerable: true, get: function () { return lazy.AggregateAuthenticationError } })
Object.defineProperty(exports, 'AggregateAuthenticationErrorName', { enumerable: true, get: function () { return lazy.AggregateAuthenticationErrorName } })
Object.defineProperty(exports, 'AuthenticationError', { enumerable: true, get: function () { return lazy.AuthenticationError } })
Object.defineProperty(exports, 'AuthenticationErrorName', { enumerable: true, get: function () { return lazy.AuthenticationErrorName } })
Object.defineProperty(exports, 'AuthenticationRequiredError', { enumerable: true, get: function () { return lazy.AuthenticationRequiredError } })
Object.defineProperty(exports, 'CredentialUnavailableError', { enumerable: true, get: function () { return lazy.CredentialUnavailableError } })
Object.defineProperty(exports, 'CredentialUnavailableErrorName', { enumerable: true, get: function () { return lazy.CredentialUnavailableErrorName } })
Object.defineProperty(exports, 'AzureAuthorityHosts', { enumerable: true, get: function () { return lazy.AzureAuthorityHosts } })
Object.defineProperty(exports, 'ChainedTokenCredential', { enumerable: true, get: function () { return lazy.ChainedTokenCredential } })
Object.defineProperty(exports, 'DefaultAzureCredential', { enumerable: true, get: function () { return lazy.DefaultAzureCredential } })
Object.defineProperty(exports, 'EnvironmentCredential', { enumerable: true, get: function () { return lazy.EnvironmentCredential } })
Object.defineProperty(exports, 'ClientSecretCredential', { enumerable: true, get: function () { return lazy.ClientSecretCredential } })
Object.defineProperty(exports, 'ClientCertificateCredential', { enumerable: true, get: function () { return lazy.ClientCertificateCredential } })
Object.defineProperty(exports, 'ClientAssertionCredential', { enumerable: true, get: function () { return lazy.ClientAssertionCredential } })
Object.defineProperty(exports, 'WorkloadIdentityCredential', { enumerable: true, get: function () { return lazy.WorkloadIdentityCredential } })
Object.defineProperty(exports, 'ManagedIdentityCredential', { enumerable: true, get: function () { return lazy.ManagedIdentityCredential } })
Object.defineProperty(exports, 'AzurePipelinesCredential', { enumerable: true, get: function () { return lazy.AzurePipelinesCredential } })
Object.defineProperty(exports, 'OnBehalfOfCredential', { enumerable: true, get: function () { return lazy.OnBehalfOfCredential } })
Object.defineProperty(exports, 'AzureCliCredential', { enumerable: true, get: function () { return lazy.AzureCliCredential } })
Object.defineProperty(exports, 'AzureDeveloperCliCredential', { enumerable: true, get: function () { return lazy.AzureDeveloperCliCredential } })
Object.defineProperty(exports, 'AzurePowerShellCredential', { enumerable: true, get: function () { return lazy.AzurePowerShellCredential } })
Object.defineProperty(exports, 'InteractiveBrowserCredential', { enumerable: true, get: function () { return lazy.InteractiveBrowserCredential } })
Object.defineProperty(exports, 'DeviceCodeCredential', { enumerable: true, get: function () { return lazy.DeviceCodeCredential } })
Object.defineProperty(exports, 'AuthorizationCodeCredential', { enumerable: true, get: function () { return lazy.AuthorizationCodeCredential } })
Object.defineProperty(exports, 'UsernamePasswordCredential', { enumerable: true, get: function () { return lazy.UsernamePasswordCredential } })
Object.defineProperty(exports, 'VisualStudioCodeCredential', { enumerable: true, get: function () { return lazy.VisualStudioCodeCredential } })
Object.defineProperty(exports, 'useIdentityPlugin', { enumerable: true, get: function () { return lazy.useIdentityPlugin } })
Object.defineProperty(exports, 'logger', { enumerable: true, get: function () { return lazy.logger } })
Object.defineProperty(exports, 'serializeAuthenticationRecord', { enumerable: true, get: function () { return lazy.serializeAuthenticationRecord } })
Object.defineProperty(exports, 'deserializeAuthenticationRecord', { enumerable: true, get: function () { return lazy.deserializeAuthenticationRecord } })

/** @returns {import('./identity').TokenCredential} */
function getDefaultAzureCredential() {
  const { DefaultAzureCredential } = loadModule(() => require('./js/identity/default'))
  return new DefaultAzureCredential()
}

/**
 * @param {import('./identity').TokenCredential} credential
 * @param {string | string[]} scopes
 * @param {import('./identity').GetBearerTokenProviderOptions} [options]
 * @returns {() => Promise<string>}
 */
function getBearerTokenProvider(credential, scopes, options) {
  const { bearerTokenProvider } = loadModule(() => require('./js/token-provider'))
  return bearerTokenProvider(credential, scopes, options, getDefaultAzureCredential)
}

let isReady = false

/**
 * Loads a file. js/timers.js gets the timer functions as they were when this file was loaded: see index.js.
 * @template T
 * @param {() => T} load
 */
function loadModule(load) {
  return loadOrExhausted(() => {
    if (!isReady) Object.assign(require('./js/timers'), { clearTimeout, setImmediate, setTimeout })
    isReady = true
    return load()
  })
}

/**
 * Runs a function that loads files. Where no file descriptor is free, it throws a ResourceExhaustedError. js/errors.js, which
 * has that class, may be the file that cannot be loaded. So the error is built here from a plain Error, and each entry repeats
 * this function; a test compares the copies. The stacks have no frames, see `printable` in js/input-values.js.
 * @template T
 * @param {() => T} load
 * @returns {T}
 */
function loadOrExhausted(load) {
  try {
    return load()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EMFILE' || cause.code === 'ENFILE'))) throw cause
    const message = `the files of azure-client-token cannot be loaded: too many files and connections are open (${cause.code}). Raise the limit of open files (ulimit -n), or close files that are not used any more`
    const fields = { name: 'ResourceExhaustedError', code: 'ERR_RESOURCE_EXHAUSTED', resource: 'descriptors', retryable: true, attempts: [] }
    const error = Object.assign(new Error(message, { cause }), fields)
    for (const one of [error, cause]) one.stack = `${one.name}: ${one.message}`
    throw error
  }
}
