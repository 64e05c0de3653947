// @ts-check
'use strict'

const { refuse } = require('../errors')

// Entra ID tolerates five minutes of clock difference.
const CLOCK_SKEW = 300

/**
 * @param {import('./jwt').AssertionClaims} claims
 * @param {{ longestLifetime?: number }} [limits] seconds
 */
function requireValidity({ exp, nbf = 0 }, { longestLifetime = Infinity } = {}) {
  const now = Date.now() / 1000
  const isInForce = exp !== undefined && exp > now && nbf <= now + CLOCK_SKEW
  if (!isInForce || exp - now > longestLifetime) refuse('assertionOutOfTime', at(now), at(nbf), at(exp))
}

/** @param {number | undefined} seconds */
function at(seconds) {
  const milliseconds = (seconds ?? NaN) * 1000
  return Math.abs(milliseconds) < 8.64e15 ? new Date(milliseconds).toISOString() : 'never'
}

module.exports = { requireValidity }
