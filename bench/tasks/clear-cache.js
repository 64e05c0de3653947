// @ts-check
'use strict'

/**
 * Loads the addon and does nothing else.
 *
 * @param {import('../types').Peer} peer
 */
module.exports = async (peer) => {
  peer.clearCache?.()
  return {}
}
