// @ts-check
'use strict'

/** Pulumi's SDK is an optional peer dependency: programs that load this entry have it, and other programs never load it. */

module.exports = load()

/** @returns {typeof import('@pulumi/pulumi')} */
function load() {
  try {
    return require('@pulumi/pulumi')
  } catch (error) {
    throw isMissing(error) ? missing(error) : error
  }
}

/** @param {any} error */
function isMissing(error) {
  return error?.code === 'MODULE_NOT_FOUND' && error.message.includes("'@pulumi/pulumi'")
}

/** @param {unknown} cause */
function missing(cause) {
  const message =
    'azure-client-token/pulumi needs the package @pulumi/pulumi in the program that uses it. ' +
    'Outside a Pulumi program, use azure-client-token.'
  return new Error(message, { cause })
}
