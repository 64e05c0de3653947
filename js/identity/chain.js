// @ts-check
'use strict'

const { AggregateAuthenticationError, CredentialUnavailableError } = require('./errors')

/**
 * @typedef {import('../../identity').TokenCredential} TokenCredential
 * @typedef {import('../../identity').GetTokenOptions} GetTokenOptions
 * @typedef {{ token: import('../../identity').AccessToken, credential: TokenCredential }} Found
 */

/** After an error with one of these names, a chain asks its next member; any other error ends it. */
const PASSED_OVER = ['CredentialUnavailableError', 'AuthenticationRequiredError']

/** Credentials in order, of any class. */
class ChainedTokenCredential {
  #sources

  /** @param {...TokenCredential} sources */
  constructor(...sources) {
    this.#sources = sources
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    const { token } = await firstToken(this.#sources, scopes, options)
    return token
  }
}

/**
 * @param {TokenCredential[]} sources
 * @param {string | string[]} scopes
 * @param {GetTokenOptions} [options]
 * @returns {Promise<Found>}
 */
async function firstToken(sources, scopes, options) {
  const errors = []
  for (const credential of sources) {
    try {
      const token = await credential.getToken(scopes, options)
      if (token) return { token, credential }
    } catch (error) {
      if (!isPassedOver(error)) throw error
      errors.push(error)
    }
  }
  throw errors.length > 0
    ? new AggregateAuthenticationError(errors, 'None of the chain\'s credentials has a token.')
    : new CredentialUnavailableError('The chain has no credential that gives a token. Pass credentials to its constructor.')
}

/** @param {any} error */
function isPassedOver(error) {
  return PASSED_OVER.includes(error?.name)
}

module.exports = { ChainedTokenCredential, firstToken, isPassedOver }
