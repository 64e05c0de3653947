// @ts-check
'use strict'

const { request } = require('./http')

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const DEFAULT_SCOPE = 'https://management.azure.com//.default'

/**
 * @typedef {{ authorityHost: string, caCertificate: string, tenantId: string, clientId: string, clientSecret: string }} Login
 * @typedef {Record<string, string | undefined>} Form undefined leaves a field out
 */

/**
 * Requests a token with a valid form and these changes.
 * @param {Login} login
 * @param {Form} [changes]
 * @param {{ tenant?: string, headers?: Record<string, string>, agent?: import('node:https').Agent }} [options]
 */
function askForToken(login, changes = {}, { tenant = login.tenantId, ...options } = {}) {
  const { authorityHost, caCertificate: ca, clientId, clientSecret } = login
  const right = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: DEFAULT_SCOPE }
  return request(`${authorityHost}${tenant}/oauth2/v2.0/token`, { ca, form: given({ ...right, ...changes }), ...options })
}

/**
 * @param {Login} login
 * @param {string} assertion
 * @param {Form} [changes]
 */
function askWithAssertion(login, assertion, changes = {}) {
  return askForToken(login, {
    client_secret: undefined,
    client_assertion: assertion,
    client_assertion_type: ASSERTION_TYPE,
    ...changes
  })
}

/**
 * @param {Form} form
 * @returns {Record<string, string>}
 */
function given(form) {
  const entries = Object.entries(form).filter(([, value]) => value !== undefined)
  return /** @type {Record<string, string>} */ (Object.fromEntries(entries))
}

module.exports = { DEFAULT_SCOPE, askForToken, askWithAssertion }
