// @ts-check
'use strict'

// Taken when the package is loaded: a program's tests may put a clock of their own in its place later, which would keep
// calls waiting for a turn that never comes.
const { setImmediate } = require('node:timers')

/** Loaded by the first call: a program that makes none pays for no file of it. @type {typeof import('./binding').binding} */
let binding

/** @type {import('./client').TokenClient | undefined} */
let client

/** The cache's generation when the settings were read: another thread may have cleared it since. */
let generation = 0

/**
 * The client of the current login context. Its settings are read at the first call and kept, like the provider's;
 * settings that are no use are not kept, so that the next call reads them again.
 */
function defaultClient() {
  const current = native().cacheGeneration()
  if (client === undefined || generation !== current) {
    const { TokenClient } = require('./client')
    const { environmentSnapshot } = require('./environment')
    client = undefined
    client = new TokenClient({ environment: environmentSnapshot() })
    generation = current
  }
  return client
}

/**
 * The token that the current login context has within reach, if any.
 * @param {unknown} args
 * @param {unknown} opts
 */
function heldToken(args, opts) {
  return client?.heldToken(args, opts)
}

/**
 * What leads to the current login context's tokens, or keeps them from coming. Settings that are no use are a part of
 * that: no client can be made of them.
 * @param {unknown} [args]
 * @param {unknown} [opts]
 * @returns {Promise<import('../index').Explanation>}
 */
async function explainLogin(args, opts) {
  const { checkedArgs, checkedOptions } = require('./arguments')
  const { ConfigurationError } = require('./errors')
  checkedArgs(args)
  checkedOptions(opts).signal?.throwIfAborted()
  try {
    defaultClient()
  } catch (error) {
    if (error instanceof ConfigurationError) return uselessSettings(error)
    throw error
  }
  return defaultClient().explain(args, opts)
}

/**
 * @param {import('./errors').ConfigurationError} error
 * @returns {import('../index').Explanation}
 */
function uselessSettings({ message, settings }) {
  const { environmentSnapshot } = require('./environment')
  const considered = native().consideredSources({ environment: environmentSnapshot() })
  const error = { code: /** @type {const} */ ('ERR_CONFIGURATION'), message, settings }
  return Object.freeze({ scopes: [], ...considered, attempts: [], error })
}

function native() {
  binding ??= require('./binding').binding
  return binding()
}

/** The next call reads the settings again. */
function forgetDefaultClient() {
  client = undefined
}

module.exports = { setImmediate, defaultClient, explainLogin, heldToken, forgetDefaultClient }
