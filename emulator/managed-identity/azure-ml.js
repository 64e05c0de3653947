// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')

/**
 * Azure Machine Learning, whose endpoint is still the first version of App Service's.
 * Source: the managed identity sources of azidentity and msal-node.
 */

const API_VERSION = '2017-09-01'

/**
 * @param {import('./identities').Identities} identities
 * @returns {import('./host').Host}
 */
function createAzureMl(identities) {
  const secret = randomUUID()

  return {
    service: 'azureMl',
    environment: (origin) => ({ MSI_ENDPOINT: `${origin}/msi/token`, MSI_SECRET: secret }),
    answer({ headers, query }) {
      if (headers.secret !== secret) return refused(401, 'The secret header is missing or wrong.')
      if (query.get('api-version') !== API_VERSION) return refused(400, 'The api-version is not supported.')
      const resource = query.get('resource')
      if (!resource) return refused(400, 'The resource is missing.')
      const identity = identities.find({ clientId: query.get('clientid') ?? undefined })
      if (!identity) return refused(400, 'No managed identity was found for the client id.')
      const token = identities.issueToken(identity, resource, 'string')
      return { body: { resource, token_type: 'Bearer', client_id: identity.clientId, ...token } }
    }
  }
}

/**
 * @param {number} status
 * @param {string} message
 * @returns {import('../messages').Answer}
 */
function refused(status, message) {
  return { status, body: { error: { code: status === 401 ? 'unauthorized' : 'bad_request', message } } }
}

module.exports = { createAzureMl }
