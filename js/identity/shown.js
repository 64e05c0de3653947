// @ts-check
'use strict'

const { binding } = require('../binding')
const { orExhausted } = require('../errors')

/**
 * Returns a value for an error, or only its name and length if it looks like a secret: the program may have given a token in
 * place of an id or a name.
 * @param {string} name
 * @param {unknown} value
 */
function shown(name, value) {
  return orExhausted(binding).shownValue(name, String(value))
}

module.exports = { shown }
