// @ts-check
'use strict'

const { signAssertion } = require('./assertions')

/** Kubernetes writes a service account's assertion into a file of the pod: workload identity on AKS. */
const ISSUER = 'https://oidc.prod-aks.azure.com/emulated'
const SUBJECT = 'system:serviceaccount:default:workload'
const AUDIENCE = 'api://AzureADTokenExchange'

/** @param {import('../signing').Signer} signer */
function createKubernetes(signer) {
  return {
    federatedCredential: { issuer: ISSUER, subject: SUBJECT, audience: AUDIENCE, jwks: signer.jwks },
    /** @param {Partial<import('./assertions').AssertionSubject>} [changes] */
    issueAssertion: (changes) =>
      signAssertion(signer, { issuer: ISSUER, subject: SUBJECT, audience: AUDIENCE, ...changes })
  }
}

module.exports = { createKubernetes }
