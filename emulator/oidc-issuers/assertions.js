// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')

/**
 * @typedef {{ issuer: string, subject: string, audience: string, lifetime?: number }} AssertionSubject
 */

// GitHub's lifetime. A negative lifetime makes an assertion that has expired.
const DEFAULT_LIFETIME = 300

/**
 * @param {import('../signing').Signer} signer
 * @param {AssertionSubject} subject
 */
function signAssertion(signer, { issuer, subject, audience, lifetime = DEFAULT_LIFETIME }) {
  const now = Math.floor(Date.now() / 1000)
  const begin = Math.min(now, now + lifetime - 1)
  const times = { iat: begin, nbf: begin, exp: now + lifetime }
  return signer.sign({ iss: issuer, sub: subject, aud: audience, jti: randomUUID(), ...times })
}

module.exports = { signAssertion }
