// @ts-check
'use strict'

// The checks that @azure/identity makes before a request; each throws the same class.

const { shown } = require('./shown')
const { CredentialUnavailableError } = require('./errors')

/** @param {string} tenantId */
function checkTenantId(tenantId) {
  if (/^[0-9a-zA-Z-.]+$/.test(tenantId)) return
  throw new Error('The tenant id has characters that no tenant id or domain name can have. Use the id or the primary domain that the Entra admin centre shows.')
}

/** @param {string} subscription */
function checkSubscription(subscription) {
  if (/^[0-9a-zA-Z-._ ]+$/.test(subscription)) return
  throw new Error('The subscription has characters that are not allowed here. If it is a name, use the subscription\'s id: az account list shows it.')
}

/**
 * @param {string} credential
 * @param {Record<string, unknown>} parameters by name, in the order in which they are checked
 */
function checkRequired(credential, parameters) {
  for (const [name, value] of Object.entries(parameters)) {
    if (!value) throw new CredentialUnavailableError(`${credential} is created without ${name}. Pass it to the constructor.`)
  }
}

/**
 * Returns the tenant to ask: the call's, if the credential may ask it, or else the credential's own.
 * @param {string | undefined} own
 * @param {string | undefined} asked
 * @param {readonly string[]} allowed
 * @returns {string | undefined}
 */
function tenantOf(own, asked, allowed) {
  if (process.env.AZURE_IDENTITY_DISABLE_MULTITENANTAUTH || own === 'adfs') return own
  if (asked === undefined || asked === null || own === undefined || asked === own) return asked ?? own
  if (allowed.includes('*') || allowed.includes(asked)) return asked
  const message = `The credential may not ask tenant ${shown('tenantId', asked)}. Add it, or "*", to the option additionallyAllowedTenants.`
  throw new CredentialUnavailableError(message)
}

module.exports = { checkRequired, checkSubscription, checkTenantId, tenantOf }
