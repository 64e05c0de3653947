// @ts-check
'use strict'

const { ClientTokenCredential, defaultClient, explainLogin, heldToken, forgetDefaultClient } = require('./js/credential')
const errors = require('./js/errors')

module.exports.getClientToken = getClientToken
module.exports.getClientConfig = getClientConfig
module.exports.explain = explainLogin
module.exports.clearCache = clearCache
module.exports.ClientTokenCredential = ClientTokenCredential
module.exports.ClientTokenError = errors.ClientTokenError
module.exports.ConfigurationError = errors.ConfigurationError
module.exports.CredentialUnavailableError = errors.CredentialUnavailableError
module.exports.AuthenticationError = errors.AuthenticationError
module.exports.NetworkError = errors.NetworkError
module.exports.TimeoutError = errors.TimeoutError

/**
 * @param {import('./index').GetClientTokenArgs} [args]
 * @param {import('./index').GetClientTokenOptions} [opts]
 * @returns {Promise<import('./index').GetClientTokenResult>}
 */
async function getClientToken(args, opts) {
  // Without an `await`, which would cost every warm call something.
  return heldToken(args, opts) ?? defaultClient().getClientToken(args, opts)
}

/**
 * @param {import('./index').GetClientTokenOptions | null} [opts]
 * @returns {Promise<import('./index').GetClientConfigResult>}
 */
async function getClientConfig(opts) {
  return defaultClient().getClientConfig(opts)
}

function clearCache() {
  forgetDefaultClient()
  require('./js/front').forgetTokens()
  // Even if this thread has asked for nothing: another one may have.
  require('./js/binding').binding().clearCache()
}
