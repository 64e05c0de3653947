// @ts-check
'use strict'

const { createSigner } = require('../signing')
const { createAzureDevops } = require('./azure-devops')
const { createGithubActions } = require('./github-actions')
const { createKubernetes } = require('./kubernetes')

/** @typedef {Awaited<ReturnType<typeof createOidcIssuers>>} OidcIssuers */

/**
 * The identity providers whose assertions the default application accepts. They share a key of their own, so that
 * an access token of Entra ID never passes for an assertion.
 * @param {{ assertionLifetime?: number }} options seconds
 */
async function createOidcIssuers(options) {
  const signer = await createSigner()
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
