// @ts-check
'use strict'

const pulumi = require('./sdk.js')
const { packageName, settingNames } = require('./settings.js')
const { withoutPrototype } = require('../input-values.js')

/** @typedef {import('./clients.js').LoginConfiguration} LoginConfiguration */

/**
 * Returns the configuration of the default provider. It is read through pulumi.Config at the moment of the call: inline
 * programs of the Automation API keep it in an async-local store of their own, and not in the environment.
 * @returns {LoginConfiguration}
 */
function stackConfiguration() {
  return { configSource: 'stack', config: presentSettings(new pulumi.Config(packageName)) }
}

/**
 * A key that is present and empty stays: it hides the environment's variable.
 * @param {import('@pulumi/pulumi').Config} stack
 * @returns {Record<string, string>}
 */
function presentSettings(stack) {
  const settings = withoutPrototype(/** @type {Record<string, string>} */ ({}))
  for (const name of settingNames) {
    const value = stack.get(name)
    if (value !== undefined) settings[name] = value
  }
  return settings
}

module.exports = { stackConfiguration }
