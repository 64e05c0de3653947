// @ts-check
'use strict'

const { X509Certificate, randomBytes, randomUUID } = require('node:crypto')
const { refuse } = require('./errors')
const { guidOf } = require('./guid')

/**
 * @typedef {import('./client-authentication/jwt').FederatedCredential} FederatedCredential
 *
 * @typedef {object} ApplicationOptions
 * @property {string} [clientId] random if absent, and so is the secret
 * @property {string} [clientSecret]
 * @property {string[]} [certificates] PEM; each of them may sign the application's assertions
 * @property {FederatedCredential[]} [federatedCredentials]
 * @property {string} [claimsChallenge] JSON that the application must send as `claims`; without it, Entra ID refuses a token
 * @property {string[]} [tenants] the tenants that have the application; all, if absent
 *
 * @typedef {ReturnType<typeof parseApplication>} Application
 *
 * @typedef {object} DirectoryOptions
 * @property {ApplicationOptions[]} [applications] the first is the default application
 * @property {string[]} [tenants] the first is the default tenant
 * @property {boolean} [anyTenant] every GUID is a tenant
 *
 * @typedef {ReturnType<typeof createDirectory>} Directory
 */

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/**
 * Knows which clients may request tokens, and in which tenants.
 * @param {DirectoryOptions} options
 * @param {FederatedCredential[]} [federatedCredentials] more of them for the default application
 */
function createDirectory({ applications = [{}], tenants = [randomUUID()], anyTenant = false }, federatedCredentials = []) {
  const [defaultApplication, ...others] = applications.map(parseApplication)
  defaultApplication.federatedCredentials = [...defaultApplication.federatedCredentials, ...federatedCredentials]
  const known = new Map([defaultApplication, ...others].map((application) => [lowerCased(application.clientId), application]))
  const knownTenants = new Set(tenants.map(lowerCased))

  return {
    defaultApplication,
    defaultTenant: tenants[0],
    secrets: [...known.values()].map(({ clientSecret }) => clientSecret),
    /** @param {string} tenant */
    requireTenant(tenant) {
      if (knownTenants.has(lowerCased(tenant)) || (anyTenant && GUID.test(tenant))) return tenant
      return refuse(GUID.test(tenant) || DOMAIN.test(tenant) ? 'tenantNotFound' : 'tenantMalformed', tenant)
    },
    /**
     * @param {string} clientId
     * @param {string} tenant
     */
    requireApplication(clientId, tenant) {
      const application = known.get(lowerCased(clientId))
      if (application && isIn(application, tenant)) return application
      return refuse('applicationNotFound', clientId, tenant)
    }
  }
}

/** @param {ApplicationOptions} application */
function parseApplication({ clientId, clientSecret, certificates = [], federatedCredentials = [], ...rest }) {
  return {
    ...rest,
    clientId: clientId ?? randomUUID(),
    clientSecret: clientSecret ?? newSecret(),
    certificates: certificates.map((pem) => new X509Certificate(pem)),
    federatedCredentials
  }
}

/** Contains every character that a form must encode, so that a test detects a client which does not. */
function newSecret() {
  return `${randomBytes(12).toString('base64url')}~+/=& %${randomBytes(6).toString('base64url')}`
}

/**
 * @param {Application} application
 * @param {string} tenant
 */
function isIn({ tenants }, tenant) {
  return !tenants || tenants.some((candidate) => lowerCased(candidate) === lowerCased(tenant))
}

/**
 * Returns the object id of an application's service principal: a different one in each tenant, the same in each token.
 * @param {string} tenant
 * @param {string} clientId
 */
function servicePrincipalId(tenant, clientId) {
  return guidOf(`${tenant}/${clientId}`)
}

/** @param {string} identifier */
function lowerCased(identifier) {
  return identifier.toLowerCase()
}

module.exports = { createDirectory, servicePrincipalId }
