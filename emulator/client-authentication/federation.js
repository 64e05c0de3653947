// @ts-check
'use strict'

const { createPublicKey } = require('node:crypto')
const { refuse } = require('../errors')
const { requireValidity } = require('./validity')

/** @typedef {import('./jwt').FederatedCredential} FederatedCredential @typedef {import('./jwt').Assertion} Assertion */

/**
 * An assertion of another identity provider that the application trusts: workload identity federation.
 * @param {import('./authentication').Authentication} authentication
 * @param {Assertion} assertion
 */
async function authenticateWithFederation({ application }, assertion) {
  const credential = requireCredential(application.federatedCredentials, assertion)
  await requireSignature(credential, assertion)
  requireValidity(assertion.claims)
}

/**
 * @param {FederatedCredential[]} credentials
 * @param {Assertion} assertion
 */
function requireCredential(credentials, { claims }) {
  const [issuer, subject, audience] = [String(claims.iss), String(claims.sub), String(claims.aud)]
  if (credentials.length === 0) refuse('federationUnknown', issuer, subject, audience)
  const ofIssuer = credentials.filter((credential) => credential.issuer === issuer)
  if (ofIssuer.length === 0) refuse('federationIssuerUnknown', issuer)
  const ofSubject = ofIssuer.filter((credential) => credential.subject === subject)
  if (ofSubject.length === 0) refuse('federationSubjectUnknown', subject)
  return ofSubject.find((credential) => credential.audience === audience) ?? refuse('federationAudienceUnknown', audience)
}

/**
 * @param {FederatedCredential} credential
 * @param {Assertion} assertion
 */
async function requireSignature({ jwks, publicKey }, { token }) {
  const { compactVerify, createLocalJWKSet, errors } = await import('jose')
  try {
    if (jwks) await compactVerify(token, createLocalJWKSet(jwks))
    else await compactVerify(token, createPublicKey(publicKey ?? ''))
  } catch (error) {
    refuse(error instanceof errors.JWKSNoMatchingKey ? 'federationKeyUnknown' : 'assertionSignatureInvalid')
  }
}

module.exports = { authenticateWithFederation }
