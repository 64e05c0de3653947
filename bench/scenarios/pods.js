// @ts-check
'use strict'

const { startEmulator } = require('../../emulator')
const { missingRedis, startRedis } = require('../../scripts/redis/server')
const { Skip } = require('../runner')

/** A service that throttles: the number of requests in a number of milliseconds, and its answer to further ones. */
const LIMIT = 200
const WINDOW = 10_000
const RETRY_AFTER = '5'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'pods',
  title: '1,000 pods that start at once, with a service that accepts 200 requests in 10 s',
  rounds: [3, 1],
  subjects: [
    { name: 'msal, no store', peer: 'msal' },
    { name: 'msal, DistributedCachePlugin', peer: 'msal', parameters: { isShared: true } },
    { name: 'ours, no store', peer: 'ours' },
    { name: 'ours', peer: 'ours', parameters: { isShared: true } },
    { name: 'ours, throttled from the start', peer: 'ours', parameters: { isShared: true, isThrottled: true } },
  ],
  metrics: [
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
    { key: 'throttled', label: 'of these, 429', unit: '', digits: 0 },
    { key: 'last', label: 'last pod', unit: 's', digits: 1, headline: true },
    { key: 'commands', label: 'commands for Redis', unit: '', digits: 0 },
  ],

  async prepare({ memory }) {
    const missing = missingRedis()
    if (missing) throw new Skip(missing)
    memory.start = () => Promise.all([startEmulator(), startRedis()])
  },

  async measure({ run, quick, memory }, subject) {
    const [emulator, redis] = await memory.start()
    const { isThrottled = false, ...own } = subject.parameters ?? {}
    const limiter = limit(isThrottled ? LIMIT : 0)
    emulator.faults.add({ when: limiter.isOver, status: 429, headers: { 'retry-after': RETRY_AFTER }, body: { error: 'throttled' } })
    try {
      const parameters = { count: quick ? 50 : 1_000, assertionFile: emulator.workloadIdentity.tokenFile, redis: redis.url }
      const { answer } = await run('pods', { ...subject, parameters: own }, parameters, { environment: emulator.environment() })
      const throttled = limiter.refused()
      // The emulator counts only the requests that it answers itself.
      return { ...answer, requests: emulator.counters.tokenRequests + throttled, throttled, commands: await commandsOf(redis) }
    } finally {
      await Promise.all([emulator.close(), redis.close()])
    }
  },

  targets: [
    { text: '1 request', met: (median) => median('ours', 'requests') === 1 },
    { text: 'the last pod within 1.1 s', met: (median) => median('ours', 'last') <= 1.1 },
    {
      text: 'at most 3 requests if the service accepts none for ten seconds',
      met: (median) => median('ours, throttled from the start', 'requests') <= 3,
    },
  ],
  note: 'the pods are clients in one process, with one connection to Redis; a throttled client tries again after Retry-After and up to a fifth more',
}

/**
 * Counts the token requests of the last ten seconds.
 * @param {number} before requests that others have just made
 */
function limit(before) {
  /** @type {number[]} */
  let taken = Array(before).fill(performance.now())
  let refused = 0
  return {
    refused: () => refused,
    /** @param {{ path: string }} request */
    isOver({ path }) {
      if (!path.endsWith('/token')) return false
      const now = performance.now()
      taken = taken.filter((time) => time > now - WINDOW)
      const isOver = taken.length >= LIMIT
      if (isOver) refused += 1
      else taken.push(now)
      return isOver
    },
  }
}

/** @param {import('../../scripts/redis/server').Server} redis */
async function commandsOf(redis) {
  const [, count] = /total_commands_processed:(\d+)/.exec(await redis.command('INFO', 'stats')) ?? []
  return Number(count)
}
