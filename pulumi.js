// @ts-check
'use strict'

/**
 * The entry for Pulumi programs: the functions of `@pulumi/azure-native/authorization` that give the login context,
 * answered in the program itself. No provider plug-in is started.
 */

const { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput } = opened(() => {
  const { TokenClient } = require('./js/client.js')
  const { environmentSnapshot } = require('./js/environment.js')
  const { clientRegistry } = require('./js/pulumi/clients.js')
  const { loginFunctions } = require('./js/pulumi/functions.js')
  return loginFunctions(clientRegistry(TokenClient, environmentSnapshot))
})

module.exports = { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput }

/**
 * What loads a file. The one with the classes of errors may be the one that cannot be opened, so that what a program looks at
 * of its error is made here, and again in each entry: a test compares them. The stacks have no frames, see `printable` in
 * js/values.js.
 * @template T
 * @param {() => T} load
 * @returns {T}
 */
function opened(load) {
  try {
    return load()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EMFILE' || cause.code === 'ENFILE'))) throw cause
    const message = `the files of azure-client-token cannot be loaded: too many files and connections are open (${cause.code}). Raise the limit of open files (ulimit -n), or close files that are not used any more`
    const fields = { name: 'ResourceExhaustedError', code: 'ERR_RESOURCE_EXHAUSTED', resource: 'descriptors', retryable: true, attempts: [] }
    const error = Object.assign(new Error(message, { cause }), fields)
    for (const one of [error, cause]) one.stack = `${one.name}: ${one.message}`
    throw error
  }
}
