// @ts-check
'use strict'

/**
 * The random events of a chaos run.
 * @typedef {import('./random').Random} Random
 * @typedef {{ endpoint: string, opts: Record<string, unknown>, abortAfter?: number, isAborted: boolean, isWrongType: boolean,
 *   isWrongSecret: boolean }} Call
 */

/** The secret of the login, which every fault's body repeats: no error may contain it. */
const MARKER = 'marker-secret'
const WRONG_SECRET = 'marker-wrong-secret'
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}'

const json = { 'content-type': 'application/json' }
const busy = { error: 'temporarily_unavailable', error_description: `AADSTS90033: ${MARKER}` }

/** @param {Random} random @returns {import('../../emulator/faults').Fault} */
function plannedFault(random) {
  const times = 1 + random.below(6)
  return { times, ...random.pick(kinds)(random) }
}

/** @type {((random: Random) => import('../../emulator/faults').Fault)[]} */
const kinds = [
  (random) => ({ delay: random.below(300) }),
  (random) => ({ status: random.pick([408, 429, 500, 502, 503, 504]), headers: { 'retry-after': random.pick(['0', '1']) }, body: busy }),
  (random) => ({ status: random.pick([408, 429, 500, 502, 503, 504]), body: `<html>${MARKER}</html>` }),
  (random) => ({ status: random.pick([400, 401, 403]), body: { error: 'invalid_client', error_description: `AADSTS7000215: ${MARKER}` } }),
  () => ({ destroy: true }),
  (random) => ({ destroy: true, delay: random.below(50), status: 200, headers: json, body: `{"access_token":"${MARKER}` }),
  () => ({ status: 200, headers: json, body: `{"access_token":"${MARKER}","expires_in":` }),
  () => ({ status: 200, body: `<html>${MARKER}</html>` }),
  () => ({ status: 200, headers: json, body: {} }),
  (random) => ({ status: 200, headers: json, body: { token_type: 'Bearer', access_token: 'short.lived.token', expires_in: 1 + random.below(3), refresh_in: 1 } }),
  () => ({ status: 302, headers: { location: 'https://localhost:1/' }, body: '' }),
]

/** @param {Random} random @returns {Call} */
function plannedCall(random) {
  const isWrongType = random.chance(0.01)
  const isAborted = random.chance(0.02)
  const call = {
    endpoint: `api://${random.below(30)}`,
    isAborted,
    isWrongType,
    isWrongSecret: random.chance(0.03),
    abortAfter: random.chance(0.3) ? random.below(120) : undefined,
  }
  return { ...call, opts: { ...options(random), ...(isWrongType && { scopes: 5 }) } }
}

/** @param {Random} random */
function options(random) {
  return {
    timeout: random.chance(0.3) ? 1 + random.below(200) : 10_000,
    forceRefresh: random.chance(0.3),
    ...(random.chance(0.1) && { claims: CLAIMS }),
    ...(random.chance(0.1) && { enableCae: true }),
  }
}

module.exports = { MARKER, WRONG_SECRET, plannedCall, plannedFault }
