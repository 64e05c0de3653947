// @ts-check
'use strict'

const { requireParameter } = require('../parameters')
const { authenticateWithAssertion } = require('./assertion')
const { authenticateWithSecret, basicCredentials } = require('./secret')

/**
 * @typedef {'1' | '2'} Strength the claim `appidacr`: '1' for a secret, '2' for a key
 *
 * @typedef {object} Authentication
 * @property {import('../server').Request} request
 * @property {import('../directory').Application} application
 * @property {string} tenant
 * @property {import('./replay').ReplayGuard} replayGuard
 */

/**
 * @param {import('../server').Request} request
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
