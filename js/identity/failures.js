// @ts-check
'use strict'

const ours = require('../errors')
const { AuthenticationError, AuthenticationRequiredError, CredentialUnavailableError } = require('./errors')

/**
 * The family of the credential that failed. Programs written for @azure/identity distinguish failures by class, and its
 * classes depend on the credential: a refusal of Entra ID is an AuthenticationRequiredError for an application, and a
 * CredentialUnavailableError for a developer's tool.
 * @typedef {'application' | 'workload' | 'managedIdentity' | 'tool'} Family
 *
 * @typedef {{ scopes: string | string[], getTokenOptions?: import('../../identity').GetTokenOptions }} Question
 */

/**
 * Entra ID does not know the tenant. @azure/identity finds that out at discovery, and treats it like an address without an
 * answer.
 */
const UNKNOWN_TENANT = [90002, 900023]

/**
 * Returns the error that a program written for @azure/identity expects, with this package's error as its cause.
 *
 * A failure that may pass (an outage, a limit, a shortage, the end of the call's time) is an AuthenticationError: it ends a
 * chain, so that no other identity replaces this one meanwhile. A tool that fails, takes too long or prints something else
 * is skipped, as in @azure/identity and in the default chain of this package; a shortage is not. A wrong setting stays a
 * ConfigurationError, unless the machine decides: the file of a pod's token, a host's choice, a tool's account. An aborted
 * call rejects with its signal's reason, and a wrong type throws a TypeError.
 * @param {unknown} error
 * @param {Family} family
 * @param {Question} question
 */
function failureOf(error, family, question) {
  if (error instanceof ours.CredentialUnavailableError) return unavailable(error, reasonOf(error, family))
  if (error instanceof ours.AuthenticationError) return refusal(error, family, question)
  if (error instanceof ours.ConfigurationError) return wrongSetting(error, family, question)
  if (!passes(error)) return error
  return family === 'tool' && !(error instanceof ours.ResourceExhaustedError) ? unavailable(error) : authenticationError(error)
}

/**
 * @param {unknown} error
 * @returns {error is ours.ClientTokenError}
 */
function passes(error) {
  const classes = [ours.ServiceUnavailableError, ours.ResourceExhaustedError, ours.NetworkError, ours.TimeoutError]
  return classes.some((one) => error instanceof one)
}

/**
 * @param {ours.AuthenticationError} error
 * @param {Family} family
 * @param {Question} question
 */
function refusal(error, family, question) {
  if (family === 'tool') return unavailable(error)
  if (family === 'managedIdentity') return authenticationError(error)
  if (error.errorCodes.some((code) => UNKNOWN_TENANT.includes(code))) return unavailable(error)
  return requiredError(error, question)
}

/**
 * @param {ours.ConfigurationError} error
 * @param {Family} family
 * @param {Question} question
 */
function wrongSetting(error, family, question) {
  if (family === 'workload' && error.settings.includes('tokenFilePath')) return requiredError(error, question)
  const isOfMachine = family === 'managedIdentity' || family === 'tool'
  return isOfMachine && !error.settings.includes('scopes') ? unavailable(error) : error
}

/**
 * @param {Error} error
 * @param {string} [message]
 */
function unavailable(error, message = error.message) {
  return new CredentialUnavailableError(message, { cause: error })
}

/**
 * A managed identity that is probed is the first member of a chain of the core: see managedIdentityOf.
 * @param {ours.CredentialUnavailableError} error
 * @param {Family} family
 */
function reasonOf({ attempts: [first] }, family) {
  return family === 'managedIdentity' ? first?.reason : undefined
}

/**
 * Copies the fields of the refusal as well: @azure/identity has them only in the text.
 * @param {ours.AuthenticationError | ours.ConfigurationError} error
 * @param {Question} question
 */
function requiredError(error, { scopes, getTokenOptions }) {
  const { message } = error
  const required = new AuthenticationRequiredError({ scopes: [scopes].flat(), getTokenOptions, message, cause: error })
  return Object.assign(required, { statusCode: statusOf(error), errorResponse: responseOf(error) })
}

/** @param {any} error one of ours */
function authenticationError(error) {
  const { error: name, errorDescription, errorCodes, correlationId, traceId } = responseOf(error)
  const body = { error: name, error_description: errorDescription, error_codes: errorCodes, correlation_id: correlationId, trace_id: traceId }
  return new AuthenticationError(statusOf(error), body, { cause: error })
}

/** @param {any} error one of ours */
function statusOf(error) {
  return error.statusCode ?? 0
}

/** @param {any} error one of ours */
function responseOf({ error, code, message, errorCodes, correlationId, traceId }) {
  return { error: error ?? code, errorDescription: message, errorCodes, correlationId, traceId }
}

module.exports = { failureOf }
