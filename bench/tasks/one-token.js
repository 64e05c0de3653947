// @ts-check
'use strict'

const { readSettings } = require('../settings')

/**
 * What a short-lived program does: one client, one token, the end.
 *
 * @param {import('../types').Peer} peer
 * @param {Record<string, any>} parameters
 */
module.exports = async (peer, parameters) => {
  await peer.openSecret?.(readSettings(), parameters).token()
  return {}
}
