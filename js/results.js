// @ts-check
'use strict'

// The frozen objects that a program gets, made from the outcomes of native calls.

const { withoutPrototype } = require('./input-values')

/** @typedef {import('../index').GetClientTokenResult} Result */

/**
 * @param {import('./native').NativeToken} outcome
 * @returns {Result}
 */
function resultOf(outcome) {
  return Object.freeze({
    token: outcome.token,
    expiresOnTimestamp: outcome.expiresOnTimestamp,
    refreshAfterTimestamp: outcome.refreshAfterTimestamp ?? undefined,
    tokenType: /** @type {const} */ ('Bearer'),
    tenantId: outcome.tenantId ?? undefined,
    clientId: outcome.clientId ?? undefined,
    objectId: outcome.objectId ?? undefined,
    source: outcome.source,
    cachedIn: outcome.cachedIn ?? undefined,
  })
}

/**
 * Returns the same result as later calls get it: from memory.
 * @param {Result} result
 * @returns {Result}
 */
function fromMemory(result) {
  return result.cachedIn === 'memory' ? result : Object.freeze({ ...result, cachedIn: /** @type {const} */ ('memory') })
}

/**
 * @param {import('./native').NativeExplanation} explanation
 * @returns {import('../index').Explanation}
 */
function explanationOf(explanation) {
  const { source, cachedIn, scopes, considered, settings, attempts, error } = withoutPrototype(explanation)
  return Object.freeze({ source: source ?? undefined, cachedIn: cachedIn ?? undefined, scopes, considered, settings, attempts, error })
}

module.exports = { explanationOf, fromMemory, resultOf }
