// @ts-check
'use strict'

const { readFileSync } = require('node:fs')

const { DEFAULT_RESOURCE } = require('../settings')

/** @typedef {import('../types').Settings} Settings */

/**
 * @param {Settings} settings
 * @param {object} material the client's secret or certificate
 * @param {object} [cache]
 * @returns {import('../types').Client}
 */
function client({ authorityHost, tenantId: home, clientId }, material, cache) {
  const { ConfidentialClientApplication } = require('@azure/msal-node')
  const application = new ConfidentialClientApplication({
    auth: { clientId, authority: `${authorityHost}${home}`, knownAuthorities: [new URL(authorityHost).host], ...material },
    ...(cache && { cache }),
  })
  return {
    holder: application,
    token: (resource = DEFAULT_RESOURCE, tenantId) => application.acquireTokenByClientCredential({
      scopes: [`${resource}/.default`],
      ...(tenantId === undefined ? {} : { authority: `${authorityHost}${tenantId}` }),
    }),
  }
}

/** @type {import('../types').Peer} */
module.exports = {
  module: '@azure/msal-node',

  openSecret: (settings) => client(settings, { clientSecret: settings.clientSecret }),

  openCertificate: (settings, { keyPath, thumbprintSha256 }) =>
    client(settings, { clientCertificate: { privateKey: readFileSync(keyPath, 'utf8'), thumbprintSha256 } }),

  openPod(settings, { assertion, store }) {
    const { DistributedCachePlugin } = require('@azure/msal-node')
    const key = async () => 'msal'
    const plugin = store && new DistributedCachePlugin(
      { get: async (name) => (await store.get(name)) ?? '', set: (name, value) => store.set(name, value) },
      { getKey: key, extractKey: key },
    )
    return client(settings, { clientAssertion: assertion }, plugin && { cachePlugin: plugin })
  },

  // A different audience for each, because it caches the last assertion.
  openSigner({ keyPath, thumbprintSha256 }) {
    const { ClientAssertion, CryptoProvider } = require('@azure/msal-node')
    const assertion = ClientAssertion.fromCertificateWithSha256Thumbprint(thumbprintSha256, readFileSync(keyPath, 'utf8'))
    const provider = new CryptoProvider()
    return (index) => assertion.getJwt(provider, 'client', `https://localhost/${index}`)
  },
}
