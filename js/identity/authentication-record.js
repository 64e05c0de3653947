// @ts-check
'use strict'

/** @typedef {import('../../identity').AuthenticationRecord} AuthenticationRecord */

const VERSION = '1.0'

/** @param {AuthenticationRecord} record */
function serializeAuthenticationRecord(record) {
  return JSON.stringify(record)
}

/**
 * @param {string} serializedRecord
 * @returns {AuthenticationRecord}
 */
function deserializeAuthenticationRecord(serializedRecord) {
  const record = recordIn(serializedRecord)
  if (record.version && record.version !== VERSION) throw new Error(`The authentication record has a version other than ${VERSION}. Create it again with the package that wrote it.`)
  return record
}

/**
 * Node.js's own error quotes the text.
 * @param {string} text
 * @returns {AuthenticationRecord & { version?: string }}
 */
function recordIn(text) {
  try {
    return JSON.parse(text)
  } catch {
    throw new SyntaxError('The authentication record is not JSON. Create it again with the package that wrote it.')
  }
}

module.exports = { deserializeAuthenticationRecord, serializeAuthenticationRecord }
