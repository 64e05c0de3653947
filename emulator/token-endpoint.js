// @ts-check
'use strict'

const { tokenResponse } = require('./access-token')
const { claimedClientId } = require('./client-authentication')
const { refuse } = require('./errors')
const { grantClientCredentials } = require('./grants/client-credentials')
const { grantOnBehalfOf } = require('./grants/on-behalf-of')
const { requireParameter } = require('./parameters')

/**
 * @typedef {import('./token-request').TokenEndpointOptions} TokenEndpointOptions
 * @typedef {import('./token-request').TokenRequest} TokenRequest
 * @typedef {import('./token-request').Granted} Granted
 */

/** @type {Map<string, (tokenRequest: TokenRequest) => Promise<Granted>>} */
const GRANTS = new Map([
  ['client_credentials', grantClientCredentials],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', grantOnBehalfOf]
])

/**
 * `POST /{tenant}/oauth2/v2.0/token`
 * @param {TokenEndpointOptions} options
 * @param {import('./messages').Request} request
 * @param {string} tenantName
 * @returns {Promise<import('./messages').Answer>}
 */
async function answerTokenRequest(options, request, tenantName) {
  const tenant = options.directory.requireTenant(tenantName)
  const grantType = requireParameter(request, 'grant_type')
  const grant = GRANTS.get(grantType) ?? refuse('grantTypeUnsupported', grantType)
  const application = options.directory.requireApplication(claimedClientId(request), tenant)
  const { resource, claims, scope } = await grant({ options, request, application, tenant })
  requireAnsweredChallenge(application, request)
  const subject = { tenant, clientId: application.clientId, resource, claims: { ...claims, ...requestedClaims(request) } }
  return { body: { ...tokenResponse(options.signer, options, subject), ...(scope && { scope }) } }
}

/**
 * Conditional access: the client must repeat the request with the claims in this answer.
 * @param {import('./directory').Application} application
 * @param {import('./messages').Request} request
 */
function requireAnsweredChallenge({ claimsChallenge }, { form }) {
  if (claimsChallenge && !form.get('claims')) refuse('interactionRequired', claimsChallenge)
}

/**
 * A client that can answer claims challenges says so in the request, and the token repeats it.
 * @param {import('./messages').Request} request
 */
function requestedClaims({ form }) {
  const capabilities = parsed(form.get('claims'))?.access_token?.xms_cc?.values
  return Array.isArray(capabilities) ? { xms_cc: capabilities } : {}
}

/** @param {string | null} json */
function parsed(json) {
  try {
    return JSON.parse(json ?? 'null')
  } catch {
    return null
  }
}

module.exports = { answerTokenRequest }
