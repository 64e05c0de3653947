// @ts-check
'use strict'

// The tokens that any program has stored on this machine.

const { ExitError, UsageError } = require('./failure')

/** @typedef {import('../native').NativeKept} Kept */

const actions = ['status', 'clear', 'path']

/**
 * @param {{ json?: boolean }} options
 * @param {string[]} words
 */
async function main({ json = false }, [action = '']) {
  if (!actions.includes(action)) throw new UsageError(`cache needs an action: one of ${actions.join(', ')}`)
  const kept = await keptOnMachine(action)
  if (action === 'path') return `${kept.folder}\n`
  const folder = require('../binding').binding().shownValue('the folder', kept.folder)
  if (action === 'status') return statusOf({ ...kept, folder }, json)
  if (kept.reason) throw new ExitError(`The tokens could not be deleted: ${kept.reason}`, 2)
  return json ? `${JSON.stringify({ folder, deleted: kept.tokens })}\n` : ''
}

/**
 * @param {string} action
 * @returns {Promise<Kept>}
 */
async function keptOnMachine(action) {
  const { binding } = require('../binding')
  const { environmentSnapshot } = require('../environment')
  const outcome = await binding().keptOnMachine(environmentSnapshot([], false), action)
  if (outcome.kind === 'failure') throw require('../errors').errorOf(outcome)
  return /** @type {Kept} */ (outcome)
}

/**
 * @param {Kept} kept
 * @param {boolean} asJson
 */
function statusOf({ folder, tokens, reason: storeReason }, asJson) {
  const reason = process.env.AZURE_CLIENT_TOKEN_CACHE === 'off' ? 'AZURE_CLIENT_TOKEN_CACHE is off' : storeReason ?? undefined
  if (asJson) return `${JSON.stringify({ folder, tokens, used: reason === undefined, reason }, null, 2)}\n`
  return [`folder  ${folder}`, `tokens  ${tokens}`, `used    ${reason === undefined ? 'yes' : `no: ${reason}`}`].map((line) => `${line}\n`).join('')
}

module.exports = { main }
