// @ts-check
'use strict'

const { timeToError } = require('../measure/failure')

/**
 * The default login where there is none.
 *
 * @param {import('../types').Peer} peer
 */
module.exports = async (peer) => {
  const { time, error } = await timeToError(async () => peer.openDefault?.({}).token())
  return { time, attempts: (error.attempts ?? error.errors ?? []).length }
}
