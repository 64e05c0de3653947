'use strict'

module.exports = require('azure-client-token/identity')
