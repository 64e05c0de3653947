// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

/**
 * Client assertions per second, signed one after the other on one thread.
 *
 * @param {import('../types').Peer} peer
 * @param {{ duration: number } & Record<string, any>} parameters duration in milliseconds
 */
module.exports = async (peer, { duration, ...parameters }) => {
  const sign = peer.openSigner?.(parameters)
  if (!sign) throw new Error('this peer cannot sign')
  let index = 0
  for (; index < 50; index++) await sign(index)
  const [first, start] = [index, performance.now()]
  while (performance.now() - start < duration) await sign(index++)
  return { rate: ((index - first) / (performance.now() - start)) * 1e3 }
}
