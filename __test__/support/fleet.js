// @ts-check
'use strict'

// Pods of one application, in one process: each has its own callback for its assertion, which separates their tokens in memory, and which
// is not part of a token's name in a shared store.

const { randomBytes } = require('node:crypto')
const { ClientTokenCredential } = require('../..')

/** @typedef {Omit<import('../../index').SharedTokenStore, 'kind' | 'store' | 'keys'> & { keys?: import('../../index').SharedTokenStore['keys'] }} Settings */

/** @param {string} id @returns {import('../../index').StoreKey} */
function newKey(id) {
  return { id, key: randomBytes(32) }
}

const oneKey = newKey('2026-11')

/**
 * @param {import('../../emulator').Emulator} emulator
 * @param {import('../../index').TokenStore} store
 * @param {Settings} [settings]
 */
function podOf({ authorityHost, tenantId, clientId, caCertificate, issueAssertion }, store, settings) {
  return new ClientTokenCredential({
    credential: 'clientAssertion',
    authorityHost,
    tenantId,
    clientId,
    ca: caCertificate,
    getAssertion: () => issueAssertion(),
    cache: { kind: 'shared', store, keys: [oneKey], ...settings },
  })
}

/**
 * @typedef {object} Outcome
 * @property {import('../../index').GetClientTokenResult} result
 * @property {number} time milliseconds
 */

/**
 * All pods start at once.
 * @param {ClientTokenCredential[]} pods
 * @param {import('../../index').GetClientTokenArgs} [args]
 * @returns {Promise<Outcome[]>}
 */
function tokensOf(pods, args) {
  return Promise.all(pods.map(async (pod) => {
    const start = performance.now()
    return { result: await pod.getClientToken(args), time: performance.now() - start }
  }))
}

/** @template T @param {number} count @param {(index: number) => T} one @returns {T[]} */
function times(count, one) {
  return Array.from({ length: count }, (_, index) => one(index))
}

module.exports = { newKey, oneKey, podOf, times, tokensOf }
