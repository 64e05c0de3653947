// @ts-check
'use strict'

const pulumi = require('./sdk.js')
const { invocation } = require('./invocation.js')
const { packageName } = require('./settings.js')
const { bagOf, optionOf } = require('../input-values.js')

/** @typedef {typeof import('../../pulumi')} PulumiEntry */
/** @typedef {import('./invocation.js').LoginFunction<import('../../pulumi').GetClientTokenResult>} ClientToken */
/** @typedef {import('./invocation.js').LoginFunction<import('../../pulumi').GetClientConfigResult>} ClientConfig */

/** @type {ClientToken} */
const clientToken = {
  token: `${packageName}:authorization:getClientToken`,
  ask: (client, inputs) => client.getClientToken(inputs)
}

/** @type {ClientConfig} */
const clientConfig = {
  token: `${packageName}:authorization:getClientConfig`,
  ask: (client) => client.getClientConfig()
}

/**
 * Returns the functions of the entry; `clientOf` returns the client of a configuration.
 * @param {import('./clients.js').ClientFor} clientFor
 * @returns {PulumiEntry}
 */
function loginFunctions(clientFor) {
  const { invoke, invokeOutput } = invocation(clientFor)
  return {
    getClientToken: async (args, opts) => invoke(clientToken, tokenInputs(args), bagOf(opts, 'opts')),
    getClientTokenOutput: (args, opts) => pulumi.secret(invokeOutput(clientToken, tokenInputs(args), bagOf(opts, 'opts'))),
    getClientConfig: async (opts) => invoke(clientConfig, {}, bagOf(opts, 'opts')),
    getClientConfigOutput: (opts) => invokeOutput(clientConfig, {}, bagOf(opts, 'opts'))
  }
}

/** @param {import('../../pulumi').GetClientTokenOutputArgs | undefined} args */
function tokenInputs(args) {
  return { endpoint: optionOf(bagOf(args, 'args'), 'endpoint') }
}

module.exports = { loginFunctions }
