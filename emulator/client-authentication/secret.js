// @ts-check
'use strict'

const { createHash, timingSafeEqual } = require('node:crypto')
const { refuse } = require('../errors')

/**
 * A secret in the form (`client_secret_post`) or in the Authorization header (`client_secret_basic`).
 * @param {import('./authentication').Authentication} authentication
 * @returns {import('./authentication').Strength}
 */
function authenticateWithSecret({ request, application }) {
  const secret = request.form.get('client_secret') || basicCredentials(request)?.clientSecret
  if (!secret) refuse('credentialMissing')
  if (!isSecretOf(application, secret)) refuse('secretInvalid', application.clientId)
  return '1'
}

/**
 * @param {import('../directory').Application} application
 * @param {string} secret
 */
function isSecretOf({ clientSecret }, secret) {
  return timingSafeEqual(digest(clientSecret), digest(secret))
}

/** @param {string} text */
function digest(text) {
  return createHash('sha256').update(text).digest()
}

/**
 * RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
 * @param {import('../messages').Request} request
 */
function basicCredentials({ headers }) {
  const [scheme, value = ''] = (headers.authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'basic') return undefined
  const [clientId, clientSecret = ''] = Buffer.from(value, 'base64').toString('utf8').split(':').map(formDecoded)
  return { clientId, clientSecret }
}

/** @param {string} text */
function formDecoded(text) {
  return new URLSearchParams(`value=${text}`).get('value') ?? ''
}

module.exports = { authenticateWithSecret, basicCredentials }
