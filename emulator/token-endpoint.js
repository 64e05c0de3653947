// @ts-check
'use strict'

const { tokenResponse } = require('./access-token')
const { authenticateClient, claimedClientId } = require('./client-authentication')
const { refuse } = require('./errors')
const { resourceOf } = require('./scope')

/**
 * @typedef {import('./access-token').TokenOptions & { directory: import('./directory').Directory,
 *   signer: import('./signing').Signer }} TokenEndpointOptions
 */

/**
 * `POST /{tenant}/oauth2/v2.0/token`
 * @param {TokenEndpointOptions} options
 * @param {import('./server').Request} request
 * @param {string} tenantName
 * @returns {import('./server').Answer}
 */
function answerTokenRequest(options, request, tenantName) {
  const tenant = options.directory.requireTenant(tenantName)
  const grantType = requireParameter(request, 'grant_type')
  if (grantType !== 'client_credentials') refuse('grantTypeUnsupported', grantType)
  const application = options.directory.requireApplication(claimedClientId(request), tenant)
  const resource = resourceOf(requireParameter(request, 'scope'))
  authenticateClient(request, application)
  const subject = { tenant, clientId: application.clientId, resource, claims: requestedClaims(request) }
  return { body: tokenResponse(options.signer, options, subject) }
}

/**
 * @param {import('./server').Request} request
 * @param {string} name
 */
function requireParameter({ form }, name) {
  return form.get(name) || refuse('parameterMissing', name)
}

/**
 * A client that can answer claims challenges says so in the request, and the token repeats it.
 * @param {import('./server').Request} request
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
