// @ts-check
'use strict'

const { DEFAULT_RESOURCE } = require('../settings')

/** @typedef {import('../types').Settings} Settings */
/** @typedef {import('../types').Client} Client */

/**
 * @param {import('@azure/identity').TokenCredential} credential
 * @returns {Client}
 */
function client(credential) {
  return {
    holder: credential,
    token: (resource = DEFAULT_RESOURCE, tenantId) =>
      credential.getToken(`${resource}/.default`, tenantId === undefined ? undefined : { tenantId }),
  }
}

/**
 * Without instance discovery, because that sends a request to login.microsoftonline.com for any authority.
 *
 * @param {Settings} settings
 */
function options({ authorityHost }) {
  return { authorityHost, disableInstanceDiscovery: true, additionallyAllowedTenants: ['*'] }
}

/** @type {import('../types').Peer} */
module.exports = {
  module: '@azure/identity',

  openSecret(settings) {
    const { ClientSecretCredential } = require('@azure/identity')
    const { tenantId, clientId, clientSecret } = settings
    return client(new ClientSecretCredential(tenantId, clientId, clientSecret, options(settings)))
  },

  openCertificate(settings, { certificatePath }) {
    const { ClientCertificateCredential } = require('@azure/identity')
    const { tenantId, clientId } = settings
    return client(new ClientCertificateCredential(tenantId, clientId, { certificatePath }, options(settings)))
  },

  openCli() {
    const { AzureCliCredential } = require('@azure/identity')
    return client(new AzureCliCredential())
  },

  openDefault() {
    const { DefaultAzureCredential } = require('@azure/identity')
    return client(new DefaultAzureCredential())
  },
}
