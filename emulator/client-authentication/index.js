// @ts-check
'use strict'

const { requireParameter } = require('../parameters')
const { authenticateWithAssertion } = require('./assertion')
const { authenticateWithSecret, basicCredentials } = require('./secret')

/** @typedef {import('./authentication').Authentication} Authentication @typedef {import('./authentication').Strength} Strength */

/**
 * @param {import('../messages').Request} request
 * @returns {string}
 */
function claimedClientId(request) {
  return basicCredentials(request)?.clientId || requireParameter(request, 'client_id')
}

/**
 * @param {Authentication} authentication
 * @returns {Promise<Strength>}
 */
async function authenticateClient(authentication) {
  const assertion = authentication.request.form.get('client_assertion')
  if (!assertion) return authenticateWithSecret(authentication)
  await authenticateWithAssertion(authentication, assertion)
  return '2'
}

module.exports = { authenticateClient, claimedClientId }
