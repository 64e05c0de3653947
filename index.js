// @ts-check
'use strict'

// `require` loads only this file; the first call loads the others. Each file costs a third of a millisecond.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

/** @type {typeof import('./js/credential') | undefined} */
let credential

exports.getClientToken = getClientToken
exports.getClientConfig = getClientConfig
exports.explain = explain
exports.getBearerTokenProvider = getBearerTokenProvider
exports.clearCache = clearCache

/** The classes. Reading one loads it. */
const lazy = {
  get ClientTokenCredential() { return credentialModule().ClientTokenCredential },
  get ClientTokenError() { return errors().ClientTokenError },
  get ConfigurationError() { return errors().ConfigurationError },
  get CredentialUnavailableError() { return errors().CredentialUnavailableError },
  get AuthenticationError() { return errors().AuthenticationError },
  get ServiceUnavailableError() { return errors().ServiceUnavailableError },
  get UnexpectedIdentityError() { return errors().UnexpectedIdentityError },
  get ResourceExhaustedError() { return errors().ResourceExhaustedError },
  get NetworkError() { return errors().NetworkError },
  get TimeoutError() { return errors().TimeoutError },
}

// A property that exists already stays configurable when it is defined again below, so that test runners can replace it.
for (const name of Object.keys(lazy)) exports[name] = undefined

// Node.js's `import` and bundlers find exported names by reading the source: they need a literal name and a function for each.
Object.defineProperty(exports, 'ClientTokenCredential', { enumerable: true, get: function () { return lazy.ClientTokenCredential } })
Object.defineProperty(exports, 'ClientTokenError', { enumerable: true, get: function () { return lazy.ClientTokenError } })
Object.defineProperty(exports, 'ConfigurationError', { enumerable: true, get: function () { return lazy.ConfigurationError } })
Object.defineProperty(exports, 'CredentialUnavailableError', { enumerable: true, get: function () { return lazy.CredentialUnavailableError } })
Object.defineProperty(exports, 'AuthenticationError', { enumerable: true, get: function () { return lazy.AuthenticationError } })
Object.defineProperty(exports, 'ServiceUnavailableError', { enumerable: true, get: function () { return lazy.ServiceUnavailableError } })
Object.defineProperty(exports, 'UnexpectedIdentityError', { enumerable: true, get: function () { return lazy.UnexpectedIdentityError } })
Object.defineProperty(exports, 'ResourceExhaustedError', { enumerable: true, get: function () { return lazy.ResourceExhaustedError } })
Object.defineProperty(exports, 'NetworkError', { enumerable: true, get: function () { return lazy.NetworkError } })
Object.defineProperty(exports, 'TimeoutError', { enumerable: true, get: function () { return lazy.TimeoutError } })

/**
 * @param {import('./index').GetClientTokenArgs} [args]
 * @param {import('./index').GetClientTokenOptions} [opts]
 * @returns {Promise<import('./index').GetClientTokenResult>}
 */
async function getClientToken(args, opts) {
  try {
    // Not awaited: an `await` would make every call that finds a cached token slower.
    return credential?.cachedToken(args, opts) ?? credentialModule().withClient(undefined, (client) => client.getClientToken(args, opts))
  } catch (error) {
    return credentialModule().rejected(error)
  }
}

/**
 * @param {import('./index').GetClientTokenOptions | null} [opts]
 * @returns {Promise<import('./index').GetClientConfigResult>}
 */
async function getClientConfig(opts) {
  try {
    return credentialModule().withClient(undefined, (client) => client.getClientConfig(opts))
  } catch (error) {
    return credentialModule().rejected(error)
  }
}

/**
 * @param {import('./index').GetClientTokenArgs} [args]
 * @param {import('./index').GetClientTokenOptions} [opts]
 * @returns {Promise<import('./index').Explanation>}
 */
async function explain(args, opts) {
  try {
    return credentialModule().explainLogin(args, opts)
  } catch (error) {
    return credentialModule().rejected(error)
  }
}

/**
 * @param {any} credentialOrScopes
 * @param {any} [scopesOrOptions]
 * @param {any} [options]
 * @returns {() => Promise<string>}
 */
function getBearerTokenProvider(credentialOrScopes, scopesOrOptions, options) {
  const { ClientTokenCredential } = credentialModule()
  const { bearerTokenProvider } = errors().orExhausted(() => require('./js/token-provider'))
  return bearerTokenProvider(credentialOrScopes, scopesOrOptions, options, () => new ClientTokenCredential())
}

function clearCache() {
  credentialModule().forgetDefaultClient()
  const { orExhausted } = errors()
  orExhausted(() => require('./js/near-cache')).forgetTokens()
  // The native cache belongs to all threads, so it is cleared even if this thread has made no call.
  orExhausted(() => require('./js/binding')).binding().clearCache()
}

/** Loads everything else that the first call needs, too: a program that reads a class is about to make a call. */
function errors() {
  credentialModule()
  return require('./js/errors')
}

/**
 * js/credential.js, loaded once. It gets the timer functions as they were when the package was loaded: a test may install
 * fake timers later, and a call that waits for a fake timer would never end.
 */
function credentialModule() {
  return (credential ??= loadOrExhausted(() => {
    Object.assign(require('./js/timers'), { clearTimeout, setImmediate, setTimeout })
    return require('./js/credential')
  }))
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
