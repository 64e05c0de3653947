// @ts-check
'use strict'

// As long as a token of an application with a few roles.
const TOKEN_LENGTH = 1500
const TOKEN_PATH = '/oauth2/v2.0/token'

/**
 * A token response that costs the service nothing to make, so that its signing
 * does not hide what the clients need.
 *
 * @param {Partial<import('./types').Fault>} [fault]
 * @param {object} [fields] of the response
 * @returns {import('./types').Fault}
 */
function instantAnswer(fault, fields) {
  const body = { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: 'x'.repeat(TOKEN_LENGTH), ...fields }
  return { path: TOKEN_PATH, status: 200, body, ...fault }
}

/**
 * Counts what the service sees while something runs.
 *
 * @template T
 * @param {import('./types').Emulator} emulator
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, requests: number, connections: number }>}
 */
async function counting(emulator, work) {
  await emulator.resetCounters()
  const result = await work()
  const { requests, connections } = await emulator.counters()
  return { result, requests, connections }
}

module.exports = { counting, instantAnswer, TOKEN_LENGTH, TOKEN_PATH }
