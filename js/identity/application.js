// @ts-check
'use strict'

// An application that authenticates with a secret, a certificate or an assertion.

const { Acquisition } = require('./acquisition')
const { checkRequired, checkTenantId } = require('./checks')
const { variables } = require('./environment')
const { checkAuthority, sharedOptions } = require('./options')

/**
 * @typedef {import('../../identity').GetTokenOptions} GetTokenOptions
 * @typedef {import('./environment').Variables} Variables
 */

class ClientSecretCredential {
  static keepsTokens = true

  #acquisition

  /**
   * @param {string} tenantId
   * @param {string} clientId
   * @param {string} clientSecret
   * @param {import('../../identity').ClientSecretCredentialOptions} [options]
   */
  constructor(tenantId, clientId, clientSecret, options) {
    checkRequired('ClientSecretCredential', { tenantId, clientId, clientSecret })
    this.#acquisition = applicationOf({ credential: 'clientSecret', tenantId, clientId, clientSecret }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

class ClientCertificateCredential {
  static keepsTokens = true

  #acquisition

  /**
   * @param {string} tenantId
   * @param {string} clientId
   * @param {string | import('../../identity').ClientCertificateCredentialPEMConfiguration} certificatePathOrConfiguration
   * @param {import('../../identity').ClientCertificateCredentialOptions} [options]
   */
  constructor(tenantId, clientId, certificatePathOrConfiguration, options) {
    if (!tenantId || !clientId) throw new Error('ClientCertificateCredential is created without tenantId or clientId. Pass both to the constructor.')
    const certificate = certificateOf(certificatePathOrConfiguration)
    const sendCertificateChain = options?.sendCertificateChain
    this.#acquisition = applicationOf({ credential: 'clientCertificate', tenantId, clientId, ...certificate, sendCertificateChain }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

class ClientAssertionCredential {
  static keepsTokens = true

  #acquisition

  /**
   * @param {string} tenantId
   * @param {string} clientId
   * @param {() => Promise<string>} getAssertion
   * @param {import('../../identity').ClientAssertionCredentialOptions} [options]
   */
  constructor(tenantId, clientId, getAssertion, options) {
    checkRequired('ClientAssertionCredential', { tenantId, clientId, getAssertion })
    this.#acquisition = applicationOf({ credential: 'clientAssertion', tenantId, clientId, getAssertion }, options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    return this.#acquisition.getToken(scopes, options)
  }
}

/** @param {any} given a path, or what has it or the certificate itself */
function certificateOf(given) {
  const { certificate, certificatePath, certificatePassword } = typeof given === 'string' ? { certificatePath: given } : { ...given }
  if (Boolean(certificate) === Boolean(certificatePath)) {
    throw new Error('ClientCertificateCredential takes either a certificate, as PEM text, or the path of its file. Pass exactly one of the two.')
  }
  const password = certificatePassword
  return certificate ? { certificate, password } : { certificatePath, password }
}

/**
 * @param {Record<string, any>} own the options of the core's kind
 * @param {object | null | undefined} given
 * @param {Variables} [environment]
 * @param {import('./failures').Family} [family]
 */
function applicationOf(own, given, environment = variables(), family = 'application') {
  checkTenantId(own.tenantId)
  const shared = sharedOptions(given)
  checkAuthority(shared.authorityHost, environment)
  shared.authorityHost = withoutTenant(shared.authorityHost, own.tenantId)
  return new Acquisition({ options: { ...own, ...shared }, variables: environment, family, tenantId: own.tenantId, given })
}

/**
 * An authority may already end with the tenant.
 * @param {unknown} authorityHost
 * @param {string} tenantId
 */
function withoutTenant(authorityHost, tenantId) {
  if (typeof authorityHost !== 'string') return authorityHost
  const path = authorityHost.replace(/\/$/, '')
  return path.endsWith(`/${tenantId}`) ? path.slice(0, -tenantId.length) : authorityHost
}

module.exports = { ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential, applicationOf }
