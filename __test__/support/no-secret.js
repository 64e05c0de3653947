// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { inspect } = require('node:util')

/**
 * All texts of a value: printed, logged, and as JSON.
 * @param {unknown} value
 */
function everyText(value) {
  const error = value instanceof Error ? [value.stack, value.message, JSON.stringify(value, Object.getOwnPropertyNames(value))] : []
  const shown = inspect(value, { depth: Infinity, showHidden: true, getters: true })
  return [String(value), shown, JSON.stringify(value), ...error].join('\n')
}

/**
 * @param {string} text
 * @param {string[]} secrets
 */
function assertNoSecret(text, secrets) {
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in:\n${text}`)
}

module.exports = { everyText, assertNoSecret }
