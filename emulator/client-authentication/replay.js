// @ts-check
'use strict'

/** @typedef {ReturnType<typeof createReplayGuard>} ReplayGuard */

/** Remembers every assertion for as long as it is valid. */
function createReplayGuard() {
  /** @type {Map<string, number>} expiry by issuer and id */
  const seen = new Map()

  return {
    /**
     * @param {import('./jwt').AssertionClaims} claims
     * @returns {boolean} whether this is the first time
     */
    admit({ iss, jti, exp = 0 }) {
      forgetExpired(seen)
      const id = `${iss}\n${jti}`
      if (!jti || seen.has(id)) return false
      seen.set(id, exp)
      return true
    }
  }
}

/** @param {Map<string, number>} seen */
function forgetExpired(seen) {
  const now = Date.now() / 1000
  for (const [id, expiry] of seen) if (expiry < now) seen.delete(id)
}

module.exports = { createReplayGuard }
