// @ts-check
'use strict'

const { refuse } = require('./errors')

/**
 * @param {import('./messages').Request} request
 * @param {string} name
 * @returns {string}
 */
function requireParameter({ form }, name) {
  return form.get(name) || refuse('parameterMissing', name)
}

module.exports = { requireParameter }
