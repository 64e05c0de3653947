// @ts-check
'use strict'

const { environmentNames } = require('../../js/binding').binding()
const { clearCache } = require('../..')

/**
 * Makes these variables, and none of the others that the core reads, the login context of this process.
 * @param {Record<string, string>} environment
 */
function logIn(environment) {
  for (const name of environmentNames()) delete process.env[name]
  Object.assign(process.env, environment)
  clearCache()
}

module.exports = { logIn }
