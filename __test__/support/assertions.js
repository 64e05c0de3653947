// @ts-check
'use strict'

const { X509Certificate, createHash, createPrivateKey, randomUUID } = require('node:crypto')

/**
 * @typedef {{ certificate: string, privateKey: string }} CertificatePair
 * @typedef {{ claims?: object, header?: object, algorithm?: 'PS256' | 'RS256', key?: string }} AssertionChanges
 */

/**
 * The assertion that a client with a certificate sends to Entra ID, with these changes.
 * @param {{ tokenEndpoint: string, clientId: string }} client
 * @param {CertificatePair} pair
 * @param {AssertionChanges} [changes]
 * @returns {Promise<string>}
 */
async function signAssertion({ tokenEndpoint, clientId }, { certificate, privateKey }, changes = {}) {
  const { SignJWT } = await import('jose')
  const { claims, header, algorithm = 'PS256', key = privateKey } = changes
  const now = Math.floor(Date.now() / 1000)
  const right = { aud: tokenEndpoint, iss: clientId, sub: clientId, jti: randomUUID(), nbf: now, iat: now, exp: now + 300 }
  return new SignJWT({ ...right, ...claims })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', ...thumbprint(certificate, algorithm), ...header })
    .sign(createPrivateKey(key))
}

/**
 * @param {string} certificate
 * @param {'PS256' | 'RS256'} algorithm
 */
function thumbprint(certificate, algorithm) {
  const { raw } = new X509Certificate(certificate)
  const of = (/** @type {string} */ hash) => createHash(hash).update(raw).digest('base64url')
  return algorithm === 'PS256' ? { 'x5t#S256': of('sha256') } : { x5t: of('sha1') }
}

module.exports = { signAssertion }
