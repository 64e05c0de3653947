// @ts-check
'use strict'

// A package without content, as the baseline for loading a package. The scenario creates it and passes its folder.

/** @type {import('../types').Peer} */
module.exports = {}
