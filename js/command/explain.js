// @ts-check
'use strict'

const { exitCodeOf } = require('./failure')
const { makeLogin } = require('./login')
const { resourceOf } = require('./aliases')
const { hasColour } = require('./streams')
const { treeOf } = require('./explanation-tree')

/**
 * An explanation is data even if it explains a failure; the exit code is the failure's.
 * @param {import('./login').LoginOptions & { json?: boolean }} options
 * @param {string[]} words
 */
async function main(options, [word = 'arm']) {
  const login = makeLogin(options)
  const explanation = await login.explain(resourceOf(word, login.cloud))
  const code = explanation.error === undefined ? 0 : exitCodeOf(/** @type {any} */ (explanation.error))
  if (options.json) return { text: `${JSON.stringify(explanation, null, 2)}\n`, code }
  const width = process.stdout.isTTY ? process.stdout.columns || 80 : 100
  return { text: treeOf(explanation, width, hasColour(process.stdout)), code }
}

module.exports = { main }
