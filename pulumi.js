// @ts-check
'use strict'

/**
 * The entry for Pulumi programs: the functions of `@pulumi/azure-native/authorization` that return the login context, run in
 * the program itself. No provider plug-in is started.
 */

const { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput } = loadOrExhausted(() => {
  const { TokenClient } = require('./js/client.js')
  const { environmentSnapshot } = require('./js/environment.js')
  const { clientRegistry } = require('./js/pulumi/clients.js')
  const { loginFunctions } = require('./js/pulumi/functions.js')
  return loginFunctions(clientRegistry(TokenClient, environmentSnapshot))
})

module.exports = { getClientToken, getClientTokenOutput, getClientConfig, getClientConfigOutput }

/**
 * Runs a function that loads files. Where no file descriptor is free, it throws a ResourceExhaustedError. js/errors.js, which
 * has that class, may be the file that cannot be loaded. So the error is built here from a plain Error, and each entry repeats
 * this function; a test compares the copies. The stacks have no frames, see `printable` in js/input-values.js.
 * @template T
 * @param {() => T} load
 * @returns {T}
 */
function loadOrExhausted(load) {
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
