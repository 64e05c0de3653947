// @ts-check
'use strict'

const { binding } = require('../binding')
const { orExhausted } = require('../errors')

/**
 * A value of the program for an error, or only its name and length: it may be a token in the place of an id or a name.
 * @param {string} name
 * @param {unknown} value
 */
function shown(name, value) {
  return orExhausted(binding).shownValue(name, String(value))
}

module.exports = { shown }
