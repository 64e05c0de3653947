// @ts-check
'use strict'

const { createAzureDevops } = require('./azure-devops')
const { createGithubActions } = require('./github-actions')
const { createKubernetes } = require('./kubernetes')

/**
 * @typedef {{ assertionLifetime?: number }} IssuerOptions seconds
 * @typedef {ReturnType<typeof createOidcIssuers>} OidcIssuers
 */

/**
 * The identity providers whose assertions the default application accepts. They share the emulator's one key, so that it
 * starts sooner; each has its own issuer, by which Entra ID distinguishes their assertions from its access tokens.
 * @param {import('../signing').Signer} signer
 * @param {IssuerOptions} options
 */
function createOidcIssuers(signer, options) {
  const github = createGithubActions(signer, options)
  const azureDevops = createAzureDevops(signer, options)
  const kubernetes = createKubernetes(signer)

  return {
    github,
    azureDevops,
    kubernetes,
    endpoints: [github, azureDevops],
    federatedCredentials: [github, azureDevops, kubernetes].map(({ federatedCredential }) => federatedCredential)
  }
}

module.exports = { createOidcIssuers }
