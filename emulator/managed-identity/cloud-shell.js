// @ts-check
'use strict'

/**
 * Azure Cloud Shell, which has only the identity of the user who opened it.
 * Source: the managed identity sources of azidentity and msal-node.
 */

/**
 * @param {import('./identities').Identities} identities
 * @returns {import('./host').Host}
 */
function createCloudShell(identities) {
  return {
    service: 'cloudShell',
    environment: (origin) => ({ MSI_ENDPOINT: `${origin}/oauth2/token` }),
    answer({ method, headers, form }) {
      if (method !== 'POST') return { status: 405 }
      if (headers.metadata !== 'true') return refused('The Metadata header is missing.')
      const resource = form.get('resource')
      if (!resource) return refused('The resource is missing.')
      const identity = identities.find({})
      if (!identity) return refused('There is no identity.')
      return { body: { resource, token_type: 'Bearer', ...identities.issueToken(identity, resource, 'string') } }
    }
  }
}

/**
 * @param {string} message
 * @returns {import('../messages').Answer}
 */
function refused(message) {
  return { status: 400, body: { error: { code: 'invalid_request', message } } }
}

module.exports = { createCloudShell }
