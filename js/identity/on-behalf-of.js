// @ts-check
'use strict'

const { applicationOf } = require('./application')
const { checkRequired } = require('./checks')
const { CredentialUnavailableError } = require('./errors')
const { refused, sharedOptions } = require('./options')

/** A server that acts for the user who called it. */
class OnBehalfOfCredential {
  static keepsTokens = true

  #acquisition

  /** @param {import('../../identity').OnBehalfOfCredentialOptions} options */
  constructor(options) {
    /** @type {any} */
    const { tenantId, clientId, userAssertionToken } = options
    checkRequired('OnBehalfOfCredential', { tenantId, clientId })
    const proof = proofOf(options)
    checkRequired('OnBehalfOfCredential', { userAssertionToken })
    refusePersistence(options)
    this.#acquisition = applicationOf({ credential: 'onBehalfOf', tenantId, clientId, userAssertion: userAssertionToken, ...proof }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

/** @param {object} options */
function refusePersistence(options) {
  if (sharedOptions(options).cache) throw refused('tokenCachePersistenceOptions', 'a token on behalf of a user is kept in memory only')
}

/**
 * Returns how the application authenticates: the first of the three options that is set.
 * @param {any} options
 */
function proofOf({ certificatePath, sendCertificateChain, clientSecret, getAssertion }) {
  if (certificatePath) return { certificatePath, sendCertificateChain }
  if (clientSecret) return { clientSecret }
  if (getAssertion) return { getAssertion }
  throw new CredentialUnavailableError('OnBehalfOfCredential is created without clientSecret, certificatePath and getAssertion. Pass one of them to the constructor.')
}

module.exports = { OnBehalfOfCredential }
