// @ts-check
'use strict'

const { binding } = require('./binding')

/** @type {import('./client').TokenClient | undefined} */
let client

/** The cache's generation when the settings were read: another thread may have cleared it since. */
let generation = 0

/**
 * The client of the current login context. Its settings are read at the first call and kept, like the provider's;
 * settings that are no use are not kept, so that the next call reads them again.
 */
function defaultClient() {
  const current = binding().cacheGeneration()
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
 * What is considered where the settings are no use: no client can be made of them, and that is what is to be explained.
 * @returns {import('../index').ConsideredSource[]}
 */
function consideredSources() {
  const { environmentSnapshot } = require('./environment')
  return binding().consideredSources({ environment: environmentSnapshot() })
}

/** The next call reads the settings again. */
function forgetDefaultClient() {
  client = undefined
}

module.exports = { defaultClient, consideredSources, heldToken, forgetDefaultClient }
