// @ts-check
'use strict'

// This file alone is loaded with the package, and the others by the first call: each costs a third of a millisecond.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

/** @type {typeof import('./js/credential') | undefined} */
let credential

exports.getClientToken = getClientToken
exports.getClientConfig = getClientConfig
exports.explain = explain
exports.getBearerTokenProvider = getBearerTokenProvider
exports.clearCache = clearCache

/** The classes, each loaded when it is looked at. */
const lazy = {
  get ClientTokenCredential() { return loaded().ClientTokenCredential },
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

// What is there before stays configurable, so that test runners can put something else in its place.
for (const name of Object.keys(lazy)) exports[name] = undefined

// The form in which `import` and bundlers find the names in the text: a literal one for each, and a function.
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
    // Without an `await`, which would cost every warm call something.
    return credential?.heldToken(args, opts) ?? loaded().asked(undefined, (client) => client.getClientToken(args, opts))
  } catch (error) {
    return loaded().rejected(error)
  }
}

/**
 * @param {import('./index').GetClientTokenOptions | null} [opts]
 * @returns {Promise<import('./index').GetClientConfigResult>}
 */
async function getClientConfig(opts) {
  try {
    return loaded().asked(undefined, (client) => client.getClientConfig(opts))
  } catch (error) {
    return loaded().rejected(error)
  }
}

/**
 * @param {import('./index').GetClientTokenArgs} [args]
 * @param {import('./index').GetClientTokenOptions} [opts]
 * @returns {Promise<import('./index').Explanation>}
 */
async function explain(args, opts) {
  try {
    return loaded().explainLogin(args, opts)
  } catch (error) {
    return loaded().rejected(error)
  }
}

/**
 * @param {any} credentialOrScopes
 * @param {any} [scopesOrOptions]
 * @param {any} [options]
 * @returns {() => Promise<string>}
 */
function getBearerTokenProvider(credentialOrScopes, scopesOrOptions, options) {
  const { ClientTokenCredential } = loaded()
  const { bearerTokenProvider } = errors().orExhausted(() => require('./js/token-provider'))
  return bearerTokenProvider(credentialOrScopes, scopesOrOptions, options, () => new ClientTokenCredential())
}

function clearCache() {
  loaded().forgetDefaultClient()
  const { orExhausted } = errors()
  orExhausted(() => require('./js/near-cache')).forgetTokens()
  // Even if this thread has asked for nothing: another one may have.
  orExhausted(() => require('./js/binding')).binding().clearCache()
}

/** With all else that the first call loads: a program that looks at a class has a call to make. */
function errors() {
  loaded()
  return require('./js/errors')
}

/**
 * What keeps the time is taken when the package is loaded: a program's tests may put clocks of their own in its place
 * later, which would keep calls waiting for a turn that never comes.
 */
function loaded() {
  return (credential ??= opened(() => {
    Object.assign(require('./js/timers'), { clearTimeout, setImmediate, setTimeout })
    return require('./js/credential')
  }))
}

/**
 * What loads a file. The one with the classes of errors may be the one that cannot be opened, so that what a program looks at
 * of its error is made here, and again in each entry: a test compares them. The stacks have no frames, see `printable` in
 * js/values.js.
 * @template T
 * @param {() => T} load
 * @returns {T}
 */
function opened(load) {
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
