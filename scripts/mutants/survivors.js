// @ts-check
'use strict'

/**
 * Mutants that no test fails for, and why: they change nothing that can be seen. A name is as it is told, of cargo-mutants
 * without the line.
 * @type {Record<string, string>}
 */
const SURVIVORS = {}

/** @param {string} name */
function reasonFor(name) {
  return SURVIVORS[name.replace(/:\d+:\d+:/, ':')]
}

module.exports = { SURVIVORS, reasonFor }
