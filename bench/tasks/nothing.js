// @ts-check
'use strict'

const { timeToError } = require('../measure/failure')

/**
 * The default login on a machine without one.
 *
 * @param {import('../types').Peer} peer
 */
module.exports = async (peer) => {
  const client = peer.openDefault?.({})
  if (!client) throw new Error('this peer has no such client')
  const { time, error } = await timeToError(() => client.token())
  return { time, attempts: (error.attempts ?? error.errors ?? []).length }
}
