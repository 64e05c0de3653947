// @ts-check
'use strict'

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

/** The main entry puts those in their place that it found when the package was loaded. */
module.exports = { clearTimeout, setImmediate, setTimeout }
