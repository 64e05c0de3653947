// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')
const { parentPort, workerData } = require('node:worker_threads')

const { readSettings } = require('../../settings')

// The number of calls between two reads of the clock, so that its cost does not count.
const CALLS_PER_LOOK = 64

/** Gets one token, then counts awaited calls for it. */
async function work() {
  const client = require(`../../peers/${workerData.peer}.js`).openSecret(readSettings(), {})
  await client.token()
  const start = performance.now()
  let calls = 0
  while (performance.now() - start < workerData.duration) {
    for (let index = 0; index < CALLS_PER_LOOK; index++) await client.token()
    calls += CALLS_PER_LOOK
  }
  parentPort?.postMessage(calls / ((performance.now() - start) / 1e3))
}

work()
