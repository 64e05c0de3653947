// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')
const { setTimeout: sleep } = require('node:timers/promises')

const { assertMeant } = require('../measure/failure')
const { readSettings } = require('../settings')

/**
 * A call for a token that is valid, but due for a refresh.
 *
 * @param {import('../types').Peer} peer
 * @param {{ dueAfter: number }} parameters milliseconds
 */
module.exports = async (peer, { dueAfter }) => {
  const client = peer.openSecret?.(readSettings(), {})
  if (!client) throw new Error('this peer has no such client')
  await client.token()
  await sleep(dueAfter)
  const start = performance.now()
  const failed = await client.token().then(() => 0, failure)
  const time = performance.now() - start
  // Exits without waiting for a refresh that is not complete.
  setImmediate(() => process.exit())
  return { time, failed }
}

/** @param {unknown} error */
function failure(error) {
  assertMeant(error)
  return 1
}
