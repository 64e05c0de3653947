// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')

/**
 * App Service, Functions and Container Apps.
 * Source: "How to use managed identities for App Service and Azure Functions", REST endpoint reference.
 */

const API_VERSION = '2019-08-01'

/**
 * @param {import('./identities').Identities} identities
 * @returns {import('./host').Host}
 */
function createAppService(identities) {
  const header = randomUUID()

  return {
    service: 'appService',
    environment: (origin) => ({ IDENTITY_ENDPOINT: `${origin}/msi/token`, IDENTITY_HEADER: header }),
    answer(request) {
      const { headers, query } = request
      if (headers['x-identity-header'] !== header) return refused(401, 'The identity header is missing or wrong.')
      if (query.get('api-version') !== API_VERSION) return refused(400, 'The api-version is not supported.')
      const resource = query.get('resource')
      if (!resource) return refused(400, 'The resource is missing.')
      const identity = identities.find(namedIn(request))
      if (!identity) return refused(400, 'No managed identity was found for the client, principal or resource id.')
      const token = identities.cachedToken(identity, resource, 'string', query.get('token_sha256_to_refresh'))
      return { body: { resource, token_type: 'Bearer', client_id: identity.clientId, ...token } }
    }
  }
}

/** @param {import('../messages').Request} request */
function namedIn({ query }) {
  return {
    clientId: query.get('client_id') ?? undefined,
    objectId: query.get('principal_id') ?? query.get('object_id') ?? undefined,
    resourceId: query.get('mi_res_id') ?? undefined
  }
}

/**
 * @param {number} statusCode
 * @param {string} message
 * @returns {import('../messages').Answer}
 */
function refused(statusCode, message) {
  return { status: statusCode, body: { statusCode, message, correlationId: randomUUID() } }
}

module.exports = { createAppService }
