// @ts-check
'use strict'

const { createHash } = require('node:crypto')

/**
 * Returns the same GUID for the same text, ignoring case.
 * @param {string} text
 */
function guidOf(text) {
  const digest = createHash('sha256').update(text.toLowerCase()).digest('hex')
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

module.exports = { guidOf }
