// @ts-check
'use strict'

const { counting, instantAnswer } = require('../service')

/** @typedef {import('../types').Stage} Stage */
/** @typedef {import('../types').Subject} Subject */

/** @type {Subject} */
const OURS = { name: 'ours', peer: 'ours' }
/** @type {Subject[]} */
const PEERS = [{ name: 'identity', peer: 'identity' }, { name: 'msal', peer: 'msal' }]
/** This package requests tokens of other tenants only with this setting; the peers have an option. */
const ANY_TENANT = { environment: { AZURE_ADDITIONALLY_ALLOWED_TENANTS: '*' } }
// Used until a run has shown the number of this package's connections.
const DEFAULT_SOCKETS = 32

/**
 * @param {'scopes' | 'tenants'} distinct
 * @param {number} delay the service's response time, in milliseconds
 * @param {number} share of the time of bare https that this package may take
 * @returns {import('../types').Scenario}
 */
function manyKeys(distinct, delay, share) {
  return {
    name: `many-${distinct}-${delay}ms`,
    title: `1,000 different ${distinct} at once, service answers in ${delay} ms`,
    rounds: [7, 1],
    emulator: { anyTenant: true },
    // The peers are measured only without a delay, because the wait would hide their own time.
    subjects: [{ name: 'bare https', peer: 'https' }, ...(delay === 0 ? PEERS : []), OURS],
    metrics: [
      { key: 'time', label: 'time', unit: 'ms', digits: 0, headline: true },
      { key: 'connections', label: 'connections', unit: '', digits: 0, headline: true },
      { key: 'requests', label: 'requests', unit: '', digits: 0 },
      { key: 'blocked', label: 'event loop blocked', unit: 'ms', digits: 1, headline: true },
      { key: 'peak', label: 'peak RSS', unit: 'MiB', digits: 0 },
    ],

    async prepare(stage) {
      await stage.emulator.addFault(instantAnswer({ delay }))
      stage.memory.sockets = await socketsOfOurs(stage, OURS, distinct)
    },

    measure: (stage, subject) => burst(stage, subject, distinct),

    targets: [
      {
        text: `at most ${share} of bare https with as many sockets`,
        met: (median) => median('ours', 'time') <= share * median('bare https', 'time'),
      },
      { text: 'at most 64 connections', met: (median) => median('ours', 'connections') <= 64 },
      { text: 'event loop never blocked for 20 ms', met: (median) => median('ours', 'blocked') < 20 },
    ],
  }
}

/**
 * @param {Stage} stage
 * @param {Subject} ours
 * @param {'scopes' | 'tenants'} distinct
 */
async function socketsOfOurs(stage, ours, distinct) {
  try {
    return (await burst(stage, ours, distinct)).connections
  } catch {
    // This package's row reports the error.
    return DEFAULT_SOCKETS
  }
}

/**
 * @param {Stage} stage
 * @param {Subject} subject
 * @param {'scopes' | 'tenants'} distinct
 * @returns {Promise<import('../types').Sample>}
 */
async function burst({ run, emulator, memory, quick }, subject, distinct) {
  const parameters = { count: quick ? 64 : 1_000, distinct, mustSucceed: true, sockets: memory.sockets }
  const { result, ...seen } = await counting(emulator, () => run('burst', subject, parameters, ANY_TENANT))
  return { ...seen, peak: result.peak, ...result.answer }
}

module.exports = [
  manyKeys('scopes', 0, 0.8),
  manyKeys('scopes', 200, 1.05),
  manyKeys('tenants', 0, 0.8),
  manyKeys('tenants', 200, 1.05),
]
