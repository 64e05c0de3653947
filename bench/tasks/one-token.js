// @ts-check
'use strict'

const { readSettings } = require('../settings')

/**
 * A short-lived program: one client, one token.
 *
 * @param {import('../types').Peer} peer
 * @param {Record<string, any>} parameters
 */
module.exports = async (peer, parameters) => {
  await peer.openSecret?.(readSettings(), parameters).token()
  return {}
}
