// @ts-check
'use strict'

const { environmentNames } = require('../../js/binding').binding()
const { clearCache } = require('../..')

/** Variables that this process itself needs. */
const own = ['PATH', 'HOME', 'USERPROFILE']

/**
 * Sets these variables, and removes all others that the core reads.
 * @param {Record<string, string>} environment
 */
function logIn(environment) {
  for (const name of environmentNames()) if (!own.includes(name)) delete process.env[name]
  Object.assign(process.env, environment)
  clearCache()
}

module.exports = { logIn }
