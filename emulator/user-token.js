// @ts-check
'use strict'

const { randomBytes } = require('node:crypto')
const { accessTokenClaims } = require('./access-token')
const { guidOf } = require('./guid')

/**
 * @typedef {{ audience?: string, user?: string, lifetime?: number }} UserTokenChanges
 * @typedef {{ tenant: string, clientId: string }} Recipient
 */

const DEFAULT_USER = 'someone@contoso.example'

/**
 * Returns the access token that a browser sends to an application after a user has signed in.
 * @param {import('./signing').Signer} signer
 * @param {Recipient} recipient
 * @param {UserTokenChanges} changes
 */
function issueUserToken(signer, { tenant, clientId }, { audience = `api://${clientId}`, user = DEFAULT_USER, lifetime }) {
  const claims = { ...userClaims(user), scp: 'user_impersonation' }
  return signer.sign(accessTokenClaims({ tenant, clientId, resource: audience, claims }, lifetime))
}

/** @param {string} user */
function userClaims(user) {
  return { idtyp: 'user', oid: guidOf(user), sub: randomBytes(16).toString('base64url'), upn: user, unique_name: user }
}

module.exports = { issueUserToken }
