// @ts-check
'use strict'

// This file alone is loaded with the package, and the others by the first call: each costs a third of a millisecond.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

/** @type {typeof import('./js/credential') | undefined} */
let credential

module.exports.getClientToken = getClientToken
module.exports.getClientConfig = getClientConfig
module.exports.explain = explain
module.exports.clearCache = clearCache

/** Where `import` reads the names of the classes off the text; each is loaded when it is looked at. */
const later = {}
module.exports.ClientTokenCredential = later
module.exports.ClientTokenError = later
module.exports.ConfigurationError = later
module.exports.CredentialUnavailableError = later
module.exports.AuthenticationError = later
module.exports.ServiceUnavailableError = later
module.exports.ResourceExhaustedError = later
module.exports.NetworkError = later
module.exports.TimeoutError = later

for (const [name, value] of Object.entries(module.exports)) {
  if (value === later) Object.defineProperty(module.exports, name, { enumerable: true, get: () => classNamed(name) })
}

/** @param {string} name */
function classNamed(name) {
  const { ClientTokenCredential } = loaded()
  return { ...require('./js/errors'), ClientTokenCredential }[name]
}

/**
 * @param {import('./index').GetClientTokenArgs} [args]
 * @param {import('./index').GetClientTokenOptions} [opts]
 * @returns {Promise<import('./index').GetClientTokenResult>}
 */
async function getClientToken(args, opts) {
  // Without an `await`, which would cost every warm call something.
  return credential?.heldToken(args, opts) ?? loaded().defaultClient().getClientToken(args, opts)
}

/**
 * @param {import('./index').GetClientTokenOptions | null} [opts]
 * @returns {Promise<import('./index').GetClientConfigResult>}
 */
async function getClientConfig(opts) {
  return loaded().defaultClient().getClientConfig(opts)
}

/**
 * @param {import('./index').GetClientTokenArgs} [args]
 * @param {import('./index').GetClientTokenOptions} [opts]
 * @returns {Promise<import('./index').Explanation>}
 */
async function explain(args, opts) {
  return loaded().explainLogin(args, opts)
}

function clearCache() {
  loaded().forgetDefaultClient()
  require('./js/front').forgetTokens()
  // Even if this thread has asked for nothing: another one may have.
  require('./js/binding').binding().clearCache()
}

/**
 * What keeps the time is taken when the package is loaded: a program's tests may put clocks of their own in its place
 * later, which would keep calls waiting for a turn that never comes.
 */
function loaded() {
  if (credential === undefined) {
    try {
      Object.assign(require('./js/timers'), { clearTimeout, setImmediate, setTimeout })
      credential = require('./js/credential')
    } catch (cause) {
      throw notOpened(cause)
    }
  }
  return credential
}

/**
 * The file with the classes of errors may be the one that cannot be opened: what a program looks at besides is here.
 * @param {unknown} cause
 */
function notOpened(cause) {
  const { code } = /** @type {NodeJS.ErrnoException} */ (cause)
  if (code !== 'EMFILE' && code !== 'ENFILE') return cause
  const message = `the files of azure-client-token cannot be loaded: too many files and connections are open (${code}). Raise the limit of open files (ulimit -n), or close files that are not used any more`
  const fields = { code: 'ERR_RESOURCE_EXHAUSTED', resource: 'descriptors', retryable: true, attempts: [] }
  return Object.assign(new Error(message, { cause }), { name: 'ResourceExhaustedError', ...fields })
}
