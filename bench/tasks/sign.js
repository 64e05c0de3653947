// @ts-check
'use strict'

const { readSettings } = require('../settings')

/**
 * Signs client assertions, one after the other; or does everything else that this takes.
 *
 * @param {import('../types').Peer} peer
 * @param {{ count: number, signed: boolean } & Record<string, any>} parameters
 */
module.exports = async (peer, { count, ...parameters }) => {
  const sign = peer.openSigner?.(readSettings(), parameters)
  if (!sign) throw new Error('this peer signs nothing')
  for (let index = 0; index < count; index++) await sign(index)
  return {}
}
