// @ts-check
'use strict'

// One of two processes that get the same tokens, one after the other. Without a second process, one process does both. The cases are on
// standard input; each answer is a line of JSON.

const { createHash } = require('node:crypto')
const fs = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')
const { ClientTokenCredential, clearCache } = require('../..')
const { redisStore } = require('../../redis')
const { single } = require('./redis-clients')

/**
 * @typedef {object} Job
 * @property {number} [port] of Redis
 * @property {any} [cache] another store
 * @property {import('../../index').StoreKey[]} keys
 * @property {{ name: string, options: any, scope: string, assertion?: string, first?: Step, second?: Step }[]} cases
 *
 * @typedef {{ wait?: number, clear?: boolean, call?: import('../../index').GetTokenOptions & import('../../index').GetClientTokenOptions }} Step
 */

async function main() {
  /** @type {Job} */
  const { port, cache: given, keys, cases } = JSON.parse(fs.readFileSync(0, 'utf8'))
  const connected = port === undefined ? undefined : await single['redis 5'](port)
  // A busy machine is slow to answer so many calls at once.
  const cache = connected ? { kind: 'shared', store: redisStore(connected.client), keys, patience: 10_000 } : given
  // Cases that clear the cache, which all cases share, run last, one after the other.
  const clears = (/** @type {Job['cases'][number]} */ { second }) => second?.clear ?? false
  await Promise.all(cases.filter((one) => !clears(one)).map((one) => play(one, cache)))
  for (const one of cases.filter(clears)) await play(one, cache)
  await connected?.close()
}

/** @param {Job['cases'][number]} one @param {any} cache */
async function play({ name, options, scope, assertion, first, second }, cache) {
  const settings = { ...options, ...(cache && { cache }), ...(assertion && { getAssertion: () => assertion }) }
  for (const step of [first, second]) {
    if (step !== undefined) console.log(JSON.stringify({ name, outcome: await outcomeOf(settings, scope, step) }))
  }
}

/** @param {any} settings @param {string} scope @param {Step} step */
async function outcomeOf(settings, scope, { wait = 0, clear = false, call }) {
  await sleep(wait)
  if (clear) clearCache()
  try {
    const { token, cachedIn = 'service' } = await new ClientTokenCredential(settings).getClientToken({ endpoint: scope }, call)
    return `${createHash('sha256').update(token).digest('hex')} ${cachedIn}`
  } catch (/** @type {any} */ error) {
    return error.code
  }
}

main()
