// @ts-check
'use strict'

const { timePerCall } = require('../measure/calls')
const { readSettings } = require('../settings')

/**
 * The time of an awaited call for a token that is in the cache.
 *
 * @param {import('../types').Peer} peer
 * @param {Record<string, any>} parameters
 */
module.exports = async (peer, { endpoint, certificatePath, batches, batchTime, ...parameters }) => {
  const open = certificatePath ? peer.openCertificate : peer.openSecret
  const client = open?.(readSettings(), { certificatePath, ...parameters })
  if (!client) throw new Error('this peer has no such client')
  const call = endpoint === undefined ? () => client.token() : () => client.token(endpoint)
  await call()
  return { call: await timePerCall(call, { batches, batchTime }) }
}
