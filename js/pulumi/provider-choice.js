// @ts-check
'use strict'

const { configurationError } = require('../errors.js')
const { resourceType } = require('./internals.js')
const { packageName, providerType } = require('./settings.js')
const { optionOf } = require('../input-values.js')

/** @typedef {import('@pulumi/pulumi').InvokeOptions} InvokeOptions */
/** @typedef {import('@pulumi/pulumi').ProviderResource} ProviderResource */

/**
 * Returns the provider for a call: the one it names, else its parent's for the package, else undefined for the default one.
 * @param {string} functionToken
 * @param {InvokeOptions} opts
 * @returns {ProviderResource | undefined}
 */
function chosenProvider(functionToken, opts) {
  const parent = /** @type {InvokeOptions['parent']} */ (optionOf(opts, 'parent'))
  const provider = /** @type {InvokeOptions['provider']} */ (optionOf(opts, 'provider')) || parent?.getProvider(functionToken)
  if (provider) checkPackage(provider)
  return provider || undefined
}

/** @param {ProviderResource} provider */
function checkPackage(provider) {
  if (resourceType(provider) === providerType) return
  const type = resourceType(provider)
  const message = `The given provider is not one of the package ${packageName}: its type is ${type}, not ${providerType}.`
  throw configurationError(message, ['opts.provider'], 'pulumi')
}

module.exports = { chosenProvider }
