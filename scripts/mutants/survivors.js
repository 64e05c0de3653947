// @ts-check
'use strict'

/**
 * Mutants for which no test fails, and why: they change nothing that can be observed. The name is that of the row, or that
 * of cargo-mutants without the line.
 * @type {Record<string, string>}
 */
const SURVIVORS = {
  'the near cache leaves the number of scopes out of its key': 'each part of the key has its length before it, and the scopes come last: their number follows from the rest',
  'crates/core/src/key.rs: replace | with ^ in Key::seed': 'the byte that is added meets eight bits that are 0: there both operators give the same',
}

/** @param {string} name */
function reasonFor(name) {
  return SURVIVORS[name.replace(/:\d+:\d+:/, ':')]
}

module.exports = { SURVIVORS, reasonFor }
