// @ts-check
'use strict'

const { refuse } = require('../errors')
const { requireParameter } = require('../parameters')
const { authenticateWithCertificate } = require('./certificate')
const { authenticateWithFederation } = require('./federation')

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * An assertion whose issuer is the client itself is signed with the client's certificate; any other one comes from an
 * identity provider that the application trusts.
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
    return { token, header, claims: checkedClaims(decodeJwt(token)) }
  } catch {
    return refuse('assertionMalformed')
  }
}

/**
 * Checks that each claim has the type of RFC 7519 §4.1: the following code compares and shows them.
 * @param {import('./jwt').AssertionClaims} claims
 */
function checkedClaims(claims) {
  const { iss, sub, aud, jti, exp, nbf } = claims
  const texts = [iss, sub, jti, ...(Array.isArray(aud) ? aud : [aud])]
  const areRight = texts.every((text) => isOf('string', text)) && [exp, nbf].every((time) => isOf('number', time))
  if (!areRight) throw new TypeError('a claim has a wrong type')
  return claims
}

/**
 * @param {string} type
 * @param {unknown} claim
 */
function isOf(type, claim) {
  return claim === undefined || typeof claim === type
}

module.exports = { authenticateWithAssertion, parseAssertion }
