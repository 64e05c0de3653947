// @ts-check
'use strict'

const { applicationOf } = require('./application')
const { checkTenantId } = require('./checks')
const { variables } = require('./environment')
const { AuthenticationError, CredentialUnavailableError } = require('./errors')
const { sharedOptions } = require('./options')
const ours = require('../errors')

const FAILED = 'EnvironmentCredential failed'

/** The application of the AZURE_* variables, with its secret or its certificate. */
class EnvironmentCredential {
  static keepsTokens = true

  #acquisition
  #hasPassword

  /** @param {import('../../identity').EnvironmentCredentialOptions} [options] */
  constructor(options) {
    const environment = variables()
    const [tenantId, clientId] = [environment.read('AZURE_TENANT_ID'), environment.read('AZURE_CLIENT_ID')]
    if (tenantId) checkTenantId(tenantId)
    sharedOptions(options)
    const application = tenantId && clientId ? { tenantId, clientId } : undefined
    const proof = application && proofOf(environment)
    this.#acquisition = proof && applicationOf({ ...application, ...proof }, withTenants(options, environment), environment)
    this.#hasPassword = Boolean(application && environment.read('AZURE_USERNAME') && environment.read('AZURE_PASSWORD'))
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../../identity').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    if (this.#acquisition === undefined) throw this.#hasPassword ? passwordRefused() : notSet()
    try {
      return await this.#acquisition.getToken(scopes, options)
    } catch (error) {
      throw failed(error)
    }
  }
}

/** @param {import('./environment').Variables} environment */
function proofOf({ read }) {
  const clientSecret = read('AZURE_CLIENT_SECRET')
  if (clientSecret) return { credential: 'clientSecret', clientSecret }
  const certificatePath = read('AZURE_CLIENT_CERTIFICATE_PATH')
  if (!certificatePath) return undefined
  const sendCertificateChain = ['true', '1'].includes((read('AZURE_CLIENT_SEND_CERTIFICATE_CHAIN') ?? '').toLowerCase())
  return { credential: 'clientCertificate', certificatePath, password: read('AZURE_CLIENT_CERTIFICATE_PASSWORD'), sendCertificateChain }
}

/**
 * @param {import('../../identity').EnvironmentCredentialOptions | undefined} options
 * @param {import('./environment').Variables} environment
 */
function withTenants(options, { read }) {
  const additionallyAllowedTenants = options?.additionallyAllowedTenants ?? read('AZURE_ADDITIONALLY_ALLOWED_TENANTS')?.split(';')
  return { ...options, additionallyAllowedTenants }
}

/**
 * If variables are set, they mean this application and no other: each failure ends a chain, as in @azure/identity.
 * @param {any} error
 */
function failed(error) {
  if (error instanceof TypeError || isOfSignal(error)) return error
  const { errorCodes, correlationId, traceId } = error.errorResponse ?? {}
  const body = { error: FAILED, error_description: error.message, error_codes: errorCodes, correlation_id: correlationId, trace_id: traceId }
  return new AuthenticationError(400, body, { cause: error.cause instanceof ours.ClientTokenError ? error.cause : error })
}

/**
 * A call that a signal has ended rejects with the signal's own reason, of any type.
 * @param {unknown} error
 */
function isOfSignal(error) {
  return !(error instanceof ours.ClientTokenError) && !(/** @type {any} */ (error)?.cause instanceof ours.ClientTokenError) && !(error instanceof CredentialUnavailableError)
}

function passwordRefused() {
  const description = 'AZURE_USERNAME and AZURE_PASSWORD ask for the login of a user by a password, which azure-client-token/identity does not have. Set AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, or use @azure/identity.'
  return new AuthenticationError(400, { error: FAILED, error_description: description })
}

function notSet() {
  return new CredentialUnavailableError('EnvironmentCredential finds no application. Set AZURE_TENANT_ID, AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.')
}

module.exports = { EnvironmentCredential }
