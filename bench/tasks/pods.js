// @ts-check
'use strict'

const { readFileSync } = require('node:fs')
const { performance } = require('node:perf_hooks')
const { setTimeout: sleep } = require('node:timers/promises')

const { connectRedis } = require('../redis-client')
const { readSettings } = require('../settings')

/** Milliseconds: the wait of a program whose library does not report the service's `Retry-After`. */
const USUAL_WAIT = 5_000

/**
 * Pods that start at the same time, each with its own client, which tries until it has a token.
 *
 * @param {import('../types').Peer} peer
 * @param {{ count: number, assertionFile: string, redis?: string, isShared?: boolean }} parameters
 */
module.exports = async (peer, { count, assertionFile, redis, isShared }) => {
  const store = isShared && redis !== undefined ? await connectRedis(redis) : undefined
  const assertion = readFileSync(assertionFile, 'utf8').trim()
  const pods = Array.from({ length: count }, () => peer.openPod?.(readSettings(), { assertion, store }))
  const start = performance.now()
  const times = await Promise.all(pods.map(async (pod) => {
    await untilThere(pod)
    return performance.now() - start
  }))
  store?.destroy()
  return { last: Math.max(...times) / 1e3 }
}

/** @param {import('../types').Client | undefined} pod */
async function untilThere(pod) {
  if (!pod) throw new Error('this peer has no such client')
  for (;;) {
    try {
      return await pod.token()
    } catch (/** @type {any} */ error) {
      if (!isPassing(error)) throw error
      await sleep((error.retryAfter ?? USUAL_WAIT) * (1 + Math.random() / 5))
    }
  }
}

/**
 * Whether a later try may succeed: this package reports it, and msal-node has its own error for a refusal, which may lack the status and
 * the text of the answer.
 * @param {any} error
 */
function isPassing(error) {
  return error.retryable === true || error.name === 'ServerError' || /429|throttled/i.test(`${error.errorCode} ${error.message}`)
}
