// @ts-check
'use strict'

// In a checkout the library comes from node_modules. In the published package scripts/pack.js puts it into js/command/yaml/,
// and generates this file.

module.exports = require('yaml')
