// @ts-check
'use strict'

/**
 * The entry for Pulumi programs: the functions of `@pulumi/azure-native/authorization` that give the login context,
 * answered in the program itself. No provider plug-in is started.
 */

const { TokenClient } = require('./js/client.js')
const { environmentSnapshot } = require('./js/environment.js')
const { clientRegistry } = require('./js/pulumi/clients.js')
const { loginFunctions } = require('./js/pulumi/functions.js')

const { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput } = loginFunctions(
  clientRegistry(TokenClient, environmentSnapshot)
)

module.exports = { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput }
