// @ts-check
'use strict'

const { join } = require('node:path')

const { DEFAULT_RESOURCE, OURS } = require('../settings')

/** @typedef {import('../types').Settings} Settings */
/** @typedef {import('../types').Client} Client */

const PACKAGE = join(OURS, 'index.js')

/**
 * The installed package. Without its declarations, so that the benchmark also compiles if it is not installed.
 *
 * @returns {any}
 */
function load() {
  return require(PACKAGE)
}

/**
 * @param {any} credential
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
 * The default client, which reads the environment; with `credential`, a client with explicit options, and the store that `cache` names;
 * with `dropIn`, a class of the drop-in for `@azure/identity`.
 *
 * @param {Settings} settings
 * @param {Record<string, any>} parameters
 * @returns {Client}
 */
function openSecret({ authorityHost, tenantId: home, clientId, clientSecret }, { credential = false, cache, dropIn = false }) {
  if (dropIn) {
    const { ClientSecretCredential } = require(join(OURS, 'identity.js'))
    return client(new ClientSecretCredential(home, clientId, clientSecret, { authorityHost }))
  }
  const { getClientToken, ClientTokenCredential } = load()
  if (credential) {
    return client(new ClientTokenCredential({
      credential: 'clientSecret',
      authorityHost,
      tenantId: home,
      clientId,
      clientSecret,
      additionallyAllowedTenants: ['*'],
      cache,
    }))
  }
  return {
    token: (endpoint, tenantId) => {
      if (tenantId !== undefined) return getClientToken({ endpoint }, { tenantId })
      return endpoint === undefined ? getClientToken() : getClientToken({ endpoint })
    },
  }
}

/**
 * @param {Settings} settings
 * @param {Record<string, any>} parameters
 * @returns {Client}
 */
function openCertificate({ authorityHost, tenantId, clientId }, { certificatePath }) {
  const { ClientTokenCredential } = load()
  const options = { credential: 'clientCertificate', authorityHost, tenantId, clientId, certificatePath }
  return client(new ClientTokenCredential(options))
}

/**
 * Each pod has its own callback, which separates the pods' tokens in memory, and is not part of a token's name in the store.
 *
 * @param {Settings} settings
 * @param {{ assertion: string, store: any }} parameters
 */
function openPod({ authorityHost, tenantId, clientId }, { assertion, store }) {
  const { ClientTokenCredential } = load()
  const { redisStore } = require(join(OURS, 'redis.js'))
  const options = { credential: 'clientAssertion', authorityHost, tenantId, clientId, getAssertion: () => assertion }
  const cache = store && { kind: 'shared', store: redisStore(store), keys: [{ id: 'bench', key: 'A'.repeat(43) + '=' }] }
  return client(new ClientTokenCredential({ ...options, ...(cache && { cache }) }))
}

/** @type {import('../types').Peer} */
module.exports = {
  module: 'azure-client-token',
  from: join(OURS, '..', '..'),
  openSecret,
  openCertificate,
  openPod,

  openCli() {
    const { ClientTokenCredential } = load()
    return client(new ClientTokenCredential({ credential: 'azureCli' }))
  },

  clearCache() {
    load().clearCache()
  },

  openDefault() {
    const { getClientToken } = load()
    return { token: () => getClientToken() }
  },
}
