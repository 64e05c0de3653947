// @ts-check
'use strict'

const { environmentNames } = require('../../js/binding').binding()
const { clearCache } = require('../..')

/** What this process needs for itself: where its programs are, and its home. */
const own = ['PATH', 'HOME', 'USERPROFILE']

/**
 * Makes these variables, and none of the others that the core reads, the login context of this process.
 * @param {Record<string, string>} environment
 */
function logIn(environment) {
  for (const name of environmentNames()) if (!own.includes(name)) delete process.env[name]
  Object.assign(process.env, environment)
  clearCache()
}

module.exports = { logIn }
