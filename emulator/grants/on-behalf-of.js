// @ts-check
'use strict'

const { authenticateClient } = require('../client-authentication')
const { refuse } = require('../errors')
const { requireParameter } = require('../parameters')
const { delegatedScopes } = require('../scope')

// The claims that are copied from the user's token.
const USER_CLAIMS = ['idtyp', 'oid', 'sub', 'upn', 'unique_name']

/**
 * Returns a token for another resource on behalf of the user whose token the application has received.
 * @param {import('../token-request').TokenRequest} tokenRequest
 * @returns {Promise<import('../token-request').Granted>}
 */
async function grantOnBehalfOf({ options, request, application, tenant }) {
  const use = requireParameter(request, 'requested_token_use')
  if (use !== 'on_behalf_of') refuse('grantTypeUnsupported', use)
  const assertion = requireParameter(request, 'assertion')
  const { resource, names } = delegatedScopes(requireParameter(request, 'scope'))
  const { replayGuard } = options
  const strength = await authenticateClient({ request, application, tenant, replayGuard })
  const user = await requireUser(options.signer, assertion, application.clientId)
  const scp = names.includes('.default') ? 'user_impersonation' : names.join(' ')
  return { resource, scope: `${resource}/${scp}`, claims: { ...user, appidacr: strength, scp } }
}

/**
 * @param {import('../signing').Signer} signer
 * @param {string} assertion
 * @param {string} clientId
 */
async function requireUser(signer, assertion, clientId) {
  const claims = await requireOwnToken(signer, assertion)
  if (![clientId, `api://${clientId}`].includes(String(claims.aud))) refuse('userAudienceInvalid', String(claims.aud))
  if (Number(claims.exp) <= Date.now() / 1000) refuse('userTokenOutOfTime')
  if (claims.idtyp !== 'user') refuse('userMissing')
  return Object.fromEntries(USER_CLAIMS.map((name) => [name, claims[name]]))
}

/**
 * @param {import('../signing').Signer} signer
 * @param {string} assertion
 * @returns {Promise<Record<string, unknown>>}
 */
async function requireOwnToken({ jwks }, assertion) {
  const { compactVerify, createLocalJWKSet } = await import('jose')
  try {
    const { payload } = await compactVerify(assertion, createLocalJWKSet(jwks))
    return JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch {
    return refuse('userSignatureInvalid')
  }
}

module.exports = { grantOnBehalfOf }
