// @ts-check
'use strict'

// A process that gets one token, with the login context or with options, and prints its origin. Its only argument is a Job in JSON.

const { ClientTokenCredential, getClientToken } = require('../..')
const { binding } = require('../../js/binding')

/**
 * @typedef {object} Job
 * @property {import('../../index').ClientTokenOptions} [options] default: the login context
 * @property {string} endpoint
 * @property {number} [refusalMemory] as in the command
 * @property {boolean} [forced]
 * @property {number} [calls] the number of calls, one after the other; the last one counts
 * @typedef {{ cachedIn?: string, token?: string, error?: string }} Outcome `cachedIn` is `service` for a new token
 */

/** @type {Job} */
const { options, endpoint, refusalMemory, forced, calls = 1 } = JSON.parse(process.argv[2])

if (refusalMemory !== undefined) binding().rememberRefusals(refusalMemory)

const credential = options && new ClientTokenCredential(options)
const call = forced ? { forceRefresh: true } : undefined
const ask = () => (credential ? credential.getClientToken({ endpoint }, call) : getClientToken({ endpoint }, call))

lastOf(calls).then(
  ({ cachedIn = 'service', token }) => tell({ cachedIn, token }),
  ({ code }) => tell({ error: code }),
)

/** @param {number} count @returns {ReturnType<typeof ask>} */
async function lastOf(count) {
  const token = await ask()
  return count > 1 ? lastOf(count - 1) : token
}

/** @param {Outcome} outcome */
function tell(outcome) {
  process.stdout.write(JSON.stringify(outcome))
}
