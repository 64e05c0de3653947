// @ts-check
'use strict'

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

/** The entries replace these with the functions that they found when they were loaded: see `credentialModule` in index.js. */
module.exports = { clearTimeout, setImmediate, setTimeout }
