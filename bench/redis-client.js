// @ts-check
'use strict'

/**
 * A client of the Redis at that address, for peers that share tokens.
 *
 * @param {string} url
 */
async function connectRedis(url) {
  // @ts-ignore: it is installed with the peers, and the types are checked before that.
  const client = require('redis').createClient({ url })
  await client.connect()
  return client
}

module.exports = { connectRedis }
