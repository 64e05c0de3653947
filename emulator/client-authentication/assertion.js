// @ts-check
'use strict'

const { refuse } = require('../errors')
const { requireParameter } = require('../parameters')
const { authenticateWithCertificate } = require('./certificate')
const { authenticateWithFederation } = require('./federation')

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * @typedef {{ x5t?: string, 'x5t#S256'?: string, x5c?: string[] }} AssertionHeader
 * @typedef {{ iss?: string, sub?: string, aud?: string | string[], jti?: string, exp?: number, nbf?: number
 * }} AssertionClaims
 * @typedef {{ token: string, header: AssertionHeader, claims: AssertionClaims }} Assertion
 */

/**
 * An assertion that names the client itself as its issuer is signed with the client's certificate; any other comes
 * from an identity provider that the application trusts.
 * @param {import('.').Authentication} authentication
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
 * @returns {Promise<Assertion>}
 */
async function parseAssertion(token) {
  const { decodeJwt, decodeProtectedHeader } = await import('jose')
  try {
    const header = /** @type {AssertionHeader} */ (decodeProtectedHeader(token))
    return { token, header, claims: decodeJwt(token) }
  } catch {
    return refuse('assertionMalformed')
  }
}

module.exports = { authenticateWithAssertion, parseAssertion }
