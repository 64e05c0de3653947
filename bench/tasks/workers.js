// @ts-check
'use strict'

const { once } = require('node:events')
const { join } = require('node:path')
const { Worker } = require('node:worker_threads')

/**
 * The same token in several threads: all first calls at once, then cached calls at full speed for some time.
 *
 * @param {import('../types').Peer} _peer each thread loads its own
 * @param {{ peer: string, threads: number, duration: number }} parameters
 */
module.exports = async (_peer, { peer, threads, duration }) => {
  const workers = Array.from({ length: threads }, () => startWorker({ peer, duration }))
  const rates = await Promise.all(workers.map(answerOf))
  return { rate: rates.reduce((sum, rate) => sum + rate, 0) }
}

/** @param {object} workerData */
function startWorker(workerData) {
  return new Worker(join(__dirname, 'support', 'worker.js'), { workerData, execArgv: [] })
}

/**
 * Waits for both events from the start, because a thread may end when its answer arrives.
 *
 * @param {Worker} worker
 * @returns {Promise<number>}
 */
async function answerOf(worker) {
  const [[rate]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')])
  return rate
}
