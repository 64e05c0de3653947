// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

const { longestBlock } = require('../measure/event-loop')
const { assertMeant } = require('../measure/failure')
const { readSettings } = require('../settings')

/** @typedef {'scopes' | 'tenants' | undefined} Distinct */

/**
 * Many simultaneous calls, the first of their process: all for one token, or each for another scope or tenant. With `mustSucceed` a
 * rejected call ends the task: a peer must not be fast because it fails.
 *
 * @param {import('../types').Peer} peer
 * @param {{ count: number, distinct?: Distinct, mustSucceed?: boolean }} parameters
 */
module.exports = async (peer, { count, distinct, mustSucceed, ...parameters }) => {
  const client = peer.openSecret?.(readSettings(), parameters)
  if (!client) throw new Error('this peer has no such client')
  let time = NaN
  let rejected = 0
  const blocked = await longestBlock(async () => {
    const start = performance.now()
    const calls = Array.from({ length: count }, (_, index) => client.token(...key(distinct, index)))
    const outcomes = await Promise.allSettled(calls)
    time = performance.now() - start
    const reasons = rejections(outcomes)
    if (mustSucceed && reasons.length > 0) throw reasons[0]
    rejected = reasons.length
  })
  return { time, blocked, rejected }
}

/** @param {PromiseSettledResult<unknown>[]} outcomes */
function rejections(outcomes) {
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  reasons.forEach(assertMeant)
  return reasons
}

/**
 * @param {Distinct} distinct
 * @param {number} index
 * @returns {[resource?: string, tenantId?: string]}
 */
function key(distinct, index) {
  if (distinct === 'scopes') return [`https://resource-${index}.example`]
  if (distinct === 'tenants') return [undefined, `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`]
  return []
}
