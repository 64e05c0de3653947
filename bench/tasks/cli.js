// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

/**
 * @param {import('../types').Peer} peer
 * @param {{ calls: number, concurrent: boolean }} parameters
 */
module.exports = async (peer, { calls, concurrent }) => {
  const client = peer.openCli?.({})
  if (!client) throw new Error('this peer has no such client')
  const start = performance.now()
  if (concurrent) await Promise.all(Array.from({ length: calls }, () => client.token()))
  else for (let call = 0; call < calls; call++) await client.token()
  return { time: performance.now() - start }
}
