// @ts-check
'use strict'

// A process that gets one token, by the login context or by options, and tells where it came from. Its one argument is a Job in JSON.

const { ClientTokenCredential, getClientToken } = require('../..')
const { binding } = require('../../js/binding')

/**
 * @typedef {object} Job
 * @property {import('../../index').ClientTokenOptions} [options] none: the login context
 * @property {string} endpoint
 * @property {number} [refusalMemory] as the command has it
 * @typedef {{ cachedIn?: string, token?: string, error?: string }} Outcome `cachedIn` is `service` for a new token
 */

/** @type {Job} */
const { options, endpoint, refusalMemory } = JSON.parse(process.argv[2])

if (refusalMemory !== undefined) binding().rememberRefusals(refusalMemory)

const asked = options ? new ClientTokenCredential(options).getClientToken({ endpoint }) : getClientToken({ endpoint })

asked.then(
  ({ cachedIn = 'service', token }) => tell({ cachedIn, token }),
  ({ code }) => tell({ error: code }),
)

/** @param {Outcome} outcome */
function tell(outcome) {
  process.stdout.write(JSON.stringify(outcome))
}
