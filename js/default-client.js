// @ts-check
'use strict'

/** @type {import('./client').TokenClient | undefined} */
let client

/**
 * The client of the current login context. Its settings are read at the first call and kept, like the provider's;
 * settings that are no use are not kept, so that the next call reads them again.
 */
function defaultClient() {
  if (client === undefined) {
    const { TokenClient } = require('./client')
    const { environmentSnapshot } = require('./environment')
    client = new TokenClient({ environment: environmentSnapshot() })
  }
  return client
}

/** The next call reads the settings again. */
function forgetDefaultClient() {
  client = undefined
}

module.exports = { defaultClient, forgetDefaultClient }
