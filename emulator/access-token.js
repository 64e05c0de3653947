// @ts-check
'use strict'

const { randomBytes } = require('node:crypto')

/**
 * @typedef {{ tokenLifetime?: number, refreshIn?: number }} TokenOptions seconds
 * @typedef {{ tenant: string, clientId: string, resource: string, claims: object }} TokenSubject
 */

// Entra ID's lifetime for a token of one hour: the second that the request has taken is subtracted.
const DEFAULT_LIFETIME = 3599

// Entra ID dates its tokens back, for resource servers whose clocks are late.
const BACKDATING = 300

/**
 * The answer to a granted request.
 * @param {import('./signing').Signer} signer
 * @param {TokenOptions} options
 * @param {TokenSubject} subject
 */
function tokenResponse(signer, { tokenLifetime = DEFAULT_LIFETIME, refreshIn }, subject) {
  return {
    token_type: 'Bearer',
    expires_in: tokenLifetime,
    ext_expires_in: tokenLifetime,
    ...(refreshIn !== undefined && { refresh_in: refreshIn }),
    access_token: signer.sign(accessTokenClaims(subject, tokenLifetime))
  }
}

/**
 * The claims of a token in version 1 of the format, which Azure Resource Manager gets.
 * @param {TokenSubject} subject
 * @param {number} lifetime
 */
function accessTokenClaims({ tenant, clientId, resource, claims }, lifetime = DEFAULT_LIFETIME) {
  const now = Math.floor(Date.now() / 1000)
  const issuer = `https://sts.windows.net/${tenant}/`
  return {
    aud: resource,
    iss: issuer,
    iat: now - BACKDATING,
    nbf: now - BACKDATING,
    exp: now + lifetime,
    appid: clientId,
    idp: issuer,
    tid: tenant,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
    ...claims
  }
}

module.exports = { accessTokenClaims, tokenResponse }
