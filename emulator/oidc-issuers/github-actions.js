// @ts-check
'use strict'

const { randomBytes } = require('node:crypto')
const { signAssertion } = require('./assertions')

/**
 * GitHub Actions: a job asks its own request URL, with its own bearer token, for an assertion with an audience.
 * Source: GitHub's documentation of OpenID Connect in Actions and @actions/core.
 */
const ISSUER = 'https://token.actions.githubusercontent.com'
const SUBJECT = 'repo:contoso/infrastructure:ref:refs/heads/main'
const OWNER = 'https://github.com/contoso'
const PATH = '/github-actions/idtoken'

/**
 * @param {import('../signing').Signer} signer
 * @param {{ assertionLifetime?: number }} options
 */
function createGithubActions(signer, { assertionLifetime }) {
  const requestToken = randomBytes(24).toString('base64url')

  return {
    federatedCredential: { issuer: ISSUER, subject: SUBJECT, audience: 'api://AzureADTokenExchange', jwks: signer.jwks },
    /** @param {string} origin */
    settings: (origin) => ({ requestUrl: `${origin}${PATH}?api-version=2.0`, requestToken }),
    method: 'GET',
    path: PATH,
    /**
     * @param {import('../messages').Request} request
     * @returns {import('../messages').Answer}
     */
    answer({ headers, query }) {
      if (headers.authorization !== `Bearer ${requestToken}`) return { status: 401, body: { message: 'Not authorized' } }
      const audience = query.get('audience') ?? OWNER
      const value = signAssertion(signer, { issuer: ISSUER, subject: SUBJECT, audience, lifetime: assertionLifetime })
      return { body: { count: value.length, value } }
    }
  }
}

module.exports = { createGithubActions }
