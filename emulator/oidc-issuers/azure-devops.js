// @ts-check
'use strict'

const { randomBytes, randomUUID } = require('node:crypto')
const { signAssertion } = require('./assertions')

/**
 * Azure DevOps: a pipeline POSTs to its own request URL and gets an assertion of its service connection.
 * Source: the Azure Pipelines REST reference, "Oidctoken - Create". Issuer and subject are those of new service
 * connections: Entra ID issues the assertion, and the subject ends in the ids of the organization and the connection.
 */
const PATH = '/azure-devops/oidctoken'

/**
 * @param {import('../signing').Signer} signer
 * @param {{ assertionLifetime?: number }} options
 */
function createAzureDevops(signer, { assertionLifetime }) {
  const issuer = `https://login.microsoftonline.com/${randomUUID()}/v2.0`
  const audience = 'api://AzureADTokenExchange'
  const accessToken = randomBytes(24).toString('base64url')
  const serviceConnectionId = randomUUID()
  const subject = `/eid1/c/pub/t/${guid()}/a/${guid()}/sc/${randomUUID()}/${serviceConnectionId}`

  return {
    federatedCredential: { issuer, subject, audience, jwks: signer.jwks },
    /** @param {string} origin */
    settings: (origin) => ({ requestUrl: `${origin}${PATH}`, accessToken, serviceConnectionId }),
    method: 'POST',
    path: PATH,
    /**
     * @param {import('../messages').Request} request
     * @returns {import('../messages').Answer}
     */
    answer({ origin, headers, query }) {
      if (headers.authorization !== `Bearer ${accessToken}`) return notSignedIn(origin, headers)
      if (query.get('serviceConnectionId') !== serviceConnectionId) return { status: 404, body: notFound() }
      const assertion = { issuer, subject, audience, lifetime: assertionLifetime }
      return { body: { oidcToken: signAssertion(signer, assertion) } }
    }
  }
}

/** Encodes an id for the subject: 16 bytes in base64. */
function guid() {
  return randomBytes(16).toString('base64url')
}

/**
 * Azure DevOps redirects a client that is not signed in to a sign-in page, unless the request forbids it.
 * @param {string} origin
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @returns {import('../messages').Answer}
 */
function notSignedIn(origin, headers) {
  if (headers['x-tfs-fedauthredirect'] === 'Suppress') return { status: 401 }
  return { status: 302, headers: { location: `${origin}/_signin` } }
}

function notFound() {
  return { typeKey: 'ServiceConnectionNotFoundException', message: 'The service connection was not found.' }
}

module.exports = { createAzureDevops }
