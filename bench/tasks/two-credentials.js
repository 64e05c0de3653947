// @ts-check
'use strict'

const { readSettings } = require('../settings')

/**
 * Two credentials of one application, one after the other, as two Azure clients of a program create them.
 *
 * @param {import('../types').Peer} peer
 */
module.exports = async (peer) => {
  for (let index = 0; index < 2; index++) await peer.openSecret?.(readSettings(), { credential: true }).token()
  return {}
}
