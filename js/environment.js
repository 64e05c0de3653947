// @ts-check
'use strict'

const { binding } = require('./binding')

/**
 * The environment variables that the core reads, as they are now and as far as they are set. A snapshot, because
 * `process.env` of a worker cannot be seen from native code.
 * @param {string[]} [others] more variables of interest
 */
function environmentSnapshot(others = []) {
  /** @type {Record<string, string>} */
  const snapshot = {}
  for (const name of [...binding().environmentNames(), ...others]) {
    const value = process.env[name]
    if (value !== undefined) snapshot[name] = value
  }
  return snapshot
}

module.exports = { environmentSnapshot }
