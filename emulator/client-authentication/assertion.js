// @ts-check
'use strict'

const { refuse } = require('../errors')
const { requireParameter } = require('../parameters')
const { authenticateWithCertificate } = require('./certificate')
const { authenticateWithFederation } = require('./federation')

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * An assertion that names the client itself as its issuer is signed with the client's certificate; any other comes
 * from an identity provider that the application trusts.
 * @param {import('./authentication').Authentication} authentication
 * @param {string} token
 */
async function authenticateWithAssertion(authentication, token) {
  if (requireParameter(authentication.request, 'client_assertion_type') !== JWT_BEARER) refuse('credentialMissing')
  const assertion = await parseAssertion(token)
  const isOwn = assertion.claims.iss === authentication.application.clientId
  return isOwn
    ? authenticateWithCertificate(authentication, assertion)
    : authenticateWithFederation(authentication, assertion)
}

/**
 * @param {string} token
 * @returns {Promise<import('./jwt').Assertion>}
 */
async function parseAssertion(token) {
  const { decodeJwt, decodeProtectedHeader } = await import('jose')
  try {
    const header = /** @type {import('./jwt').AssertionHeader} */ (decodeProtectedHeader(token))
    return { token, header, claims: decodeJwt(token) }
  } catch {
    return refuse('assertionMalformed')
  }
}

module.exports = { authenticateWithAssertion, parseAssertion }
