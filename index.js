// @ts-check
'use strict'

const { defaultClient, heldToken, forgetDefaultClient } = require('./js/default-client')
const errors = require('./js/errors')
const { binding, isLoaded } = require('./js/binding')

module.exports.getClientToken = getClientToken
module.exports.clearCache = clearCache
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
  return heldToken(args, opts) ?? (await defaultClient().getClientToken(args, opts))
}

function clearCache() {
  forgetDefaultClient()
  // Where nothing has been asked for yet there is nothing to forget, and no reason to load native code.
  if (!isLoaded()) return
  require('./js/front').forgetTokens()
  binding().clearCache()
}
