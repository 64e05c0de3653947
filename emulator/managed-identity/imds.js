// @ts-check
'use strict'

/**
 * Azure Instance Metadata Service: virtual machines, scale sets, AKS.
 * Source: "How to use managed identities for Azure resources on an Azure VM to acquire an access token".
 */

// The real service also accepts a slash at the end, which msal-node relies on.
const PATH = /^\/metadata\/identity\/oauth2\/token\/?$/

/**
 * @param {import('./identities').Identities} identities
 * @returns {import('./host').Host}
 */
function createImds(identities) {
  return {
    service: 'imds',
    environment: (origin) => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: origin }),
    answer(request) {
      if (!PATH.test(request.path)) return { status: 404, body: { error: 'Not found' } }
      if (request.method !== 'GET') return { status: 405 }
      const refusal = refusalOf(request)
      return refusal ? refused(refusal) : tokenAnswer(identities, request)
    }
  }
}

/**
 * @param {import('../messages').Request} request
 * @returns {string | undefined}
 */
function refusalOf({ headers, query }) {
  if (headers.metadata?.toString().toLowerCase() !== 'true') return 'Required metadata header not specified'
  // The service must not be used on behalf of another machine.
  if (headers['x-forwarded-for']) return 'Request contains an X-Forwarded-For header'
  const missing = ['api-version', 'resource'].find((name) => !query.get(name))
  return missing && `Required query variable '${missing}' is missing`
}

/**
 * @param {import('./identities').Identities} identities
 * @param {import('../messages').Request} request
 * @returns {import('../messages').Answer}
 */
function tokenAnswer(identities, request) {
  const identity = identities.find(namedIn(request))
  if (!identity) return refused('Identity not found')
  const resource = request.query.get('resource') ?? ''
  const token = identities.issueToken(identity, resource, 'string')
  return { body: { client_id: identity.clientId, resource, token_type: 'Bearer', ...token } }
}

/** @param {import('../messages').Request} request */
function namedIn({ query }) {
  return {
    clientId: query.get('client_id') ?? undefined,
    objectId: query.get('object_id') ?? undefined,
    resourceId: query.get('msi_res_id') ?? query.get('mi_res_id') ?? undefined
  }
}

/**
 * @param {string} description
 * @returns {import('../messages').Answer}
 */
function refused(description) {
  return { status: 400, body: { error: 'invalid_request', error_description: description } }
}

module.exports = { createImds, namedIn, refusalOf }
