// @ts-check
'use strict'

const { X509Certificate, randomUUID } = require('node:crypto')

/**
 * A Service Fabric cluster: https with its own certificate, which clients pin by thumbprint.
 * Source: "Acquire an access token using an app's managed identity", Service Fabric documentation.
 */

const API_VERSION = '2019-07-01-preview'

/**
 * @param {import('./identities').Identities} identities
 * @param {import('../certificates').CertificatePair} tls
 * @returns {import('./host').Host}
 */
function createServiceFabric(identities, tls) {
  const header = randomUUID()
  const thumbprint = new X509Certificate(tls.certificate).fingerprint.replaceAll(':', '')

  return {
    service: 'serviceFabric',
    tls,
    environment: (origin) => ({
      IDENTITY_ENDPOINT: `${origin}/metadata/identity/oauth2/token`,
      IDENTITY_HEADER: header,
      IDENTITY_SERVER_THUMBPRINT: thumbprint
    }),
    answer({ headers, query }) {
      if (headers.secret !== header) return refused(400, 'SecretHeaderNotFound', 'The secret header is missing or wrong.')
      if (query.get('api-version') !== API_VERSION) return refused(400, 'InvalidApiVersion', 'The api-version is not known.')
      const resource = query.get('resource')
      if (!resource) return refused(400, 'ArgumentNullOrEmpty', 'The resource is missing.')
      const identity = identities.find({})
      if (!identity) return refused(404, 'ManagedIdentityNotFound', 'The application has no managed identity.')
      const token = identities.cachedToken(identity, resource, 'number', query.get('token_sha256_to_refresh'))
      return { body: { resource, token_type: 'Bearer', ...token } }
    }
  }
}

/**
 * @param {number} status
 * @param {string} code
 * @param {string} message
 * @returns {import('../messages').Answer}
 */
function refused(status, code, message) {
  return { status, body: { error: { correlationId: randomUUID(), code, message } } }
}

module.exports = { createServiceFabric }
