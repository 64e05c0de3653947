// @ts-check
'use strict'

// A package without content: what loading any package costs. The scenario makes it, and tells where.

/** @type {import('../types').Peer} */
module.exports = {}
