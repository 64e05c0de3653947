// @ts-check
'use strict'

const { authenticateClient } = require('../client-authentication')
const { servicePrincipalId } = require('../directory')
const { requireParameter } = require('../parameters')
const { resourceOf } = require('../scope')

/**
 * Returns a token for the application itself.
 * @param {import('../token-request').TokenRequest} tokenRequest
 * @returns {Promise<import('../token-request').Granted>}
 */
async function grantClientCredentials({ options, request, application, tenant }) {
  const resource = resourceOf(requireParameter(request, 'scope'))
  const { replayGuard } = options
  const strength = await authenticateClient({ request, application, tenant, replayGuard })
  const objectId = servicePrincipalId(tenant, application.clientId)
  return { resource, claims: { appidacr: strength, idtyp: 'app', oid: objectId, sub: objectId } }
}

module.exports = { grantClientCredentials }
