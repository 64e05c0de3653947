// @ts-check
'use strict'

// The error classes that programs written for @azure/identity use. Their names are literal, because a bundler may change the
// name of a class.

const { printable, withoutPrototype } = require('../input-values')

/**
 * @typedef {import('../../identity').ErrorResponse} ErrorResponse
 * @typedef {import('../../identity').AuthenticationRequiredErrorOptions} AuthenticationRequiredErrorOptions
 */

const CredentialUnavailableErrorName = 'CredentialUnavailableError'
const AuthenticationErrorName = 'AuthenticationError'
const AggregateAuthenticationErrorName = 'AggregateAuthenticationError'

class CredentialUnavailableError extends Error {
  /**
   * @param {string} [message]
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, options) {
    super(message, options)
    this.name = CredentialUnavailableErrorName
    printable(this)
  }
}

class AuthenticationError extends Error {
  /**
   * @param {number} statusCode
   * @param {object | string | undefined | null} errorBody the service's answer: JSON text, or an object with the
   * fields of an OAuth error
   * @param {{ cause?: unknown }} [options]
   */
  constructor(statusCode, errorBody, options) {
    const errorResponse = responseOf(statusCode, errorBody)
    super(`${errorResponse.error}, status code ${statusCode}: ${errorResponse.errorDescription}`, options)
    this.statusCode = statusCode
    this.errorResponse = errorResponse
    this.name = AuthenticationErrorName
    printable(this)
  }
}

class AggregateAuthenticationError extends Error {
  /**
   * @param {any[]} errors one of each credential that was asked
   * @param {string} [errorMessage]
   */
  constructor(errors, errorMessage) {
    super([errorMessage, ...errors].join('\n'))
    this.errors = errors
    this.name = AggregateAuthenticationErrorName
    printable(this)
  }
}

class AuthenticationRequiredError extends Error {
  /** @param {AuthenticationRequiredErrorOptions} options */
  constructor({ scopes, getTokenOptions, message, cause }) {
    super(message, cause ? { cause } : undefined)
    for (const [name, value] of Object.entries({ scopes, getTokenOptions })) defineUnlisted(this, name, value)
    this.name = 'AuthenticationRequiredError'
    printable(this)
  }
}

/**
 * Sets a member that programs can read, and that no log of the error lists: a token may stand in the place of a scope, and
 * claims are not for logs.
 * @param {Error} error
 * @param {string} name
 * @param {unknown} value
 */
function defineUnlisted(error, name, value) {
  Object.defineProperty(error, name, withoutPrototype({ value, configurable: true, writable: true }))
}

/**
 * @param {number} statusCode
 * @param {object | string | undefined | null} body
 * @returns {ErrorResponse}
 */
function responseOf(statusCode, body) {
  if (typeof body === 'string') return responseOfText(statusCode, body)
  if (isOAuthError(body)) return responseOfOAuthError(body)
  return { error: 'unknown_error', errorDescription: 'The service gave no details.' }
}

/**
 * @param {number} statusCode
 * @param {string} text
 */
function responseOfText(statusCode, text) {
  try {
    return responseOfOAuthError(JSON.parse(text))
  } catch {
    const error = statusCode === 400 ? 'invalid_request' : 'unknown_error'
    return { error, errorDescription: `The service answered without JSON: ${text}` }
  }
}

/**
 * @param {any} body
 * @returns {ErrorResponse}
 */
function responseOfOAuthError(body) {
  return {
    error: body.error,
    errorDescription: body.error_description,
    correlationId: body.correlation_id,
    errorCodes: body.error_codes,
    timestamp: body.timestamp,
    traceId: body.trace_id,
  }
}

/** @param {any} body */
function isOAuthError(body) {
  return typeof body?.error === 'string' && typeof body.error_description === 'string'
}

module.exports = {
  CredentialUnavailableErrorName,
  AuthenticationErrorName,
  AggregateAuthenticationErrorName,
  CredentialUnavailableError,
  AuthenticationError,
  AggregateAuthenticationError,
  AuthenticationRequiredError,
}
