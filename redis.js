// @ts-check
'use strict'

// A store of tokens in Redis or Valkey, over a client that the program already has.

const { senderOf } = require('./js/redis/clients')
const { storeOver } = require('./js/redis/store')

exports.redisStore = redisStore

/**
 * @param {object} client
 * @returns {import('./index').TokenStore}
 */
function redisStore(client) {
  return storeOver(senderOf(client))
}
