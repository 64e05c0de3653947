// @ts-check
'use strict'

/**
 * Mutants for which no test fails, and why: they change nothing that can be observed. The name is that of the row, or that
 * of cargo-mutants without the line.
 * @type {Record<string, string>}
 */
const SURVIVORS = {
  'the near cache leaves the number of scopes out of its key': 'each part of the key is preceded by its length, and the scopes come last, so their number follows from the other parts',
  'crates/core/src/key.rs: replace | with ^ in Key::seed': 'the eight bits to which the byte is added are 0, so both operators give the same result',
}

/** @param {string} name */
function reasonFor(name) {
  return SURVIVORS[name.replace(/:\d+:\d+:/, ':')]
}

module.exports = { SURVIVORS, reasonFor }
