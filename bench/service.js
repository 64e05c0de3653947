// @ts-check
'use strict'

// The length of a token of an application with a few roles.
const TOKEN_LENGTH = 1500
const TOKEN_PATH = '/oauth2/v2.0/token'

/**
 * A prepared token response, so that the service's signing does not hide the clients' time.
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
 * Counts the service's requests while `work` runs.
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
