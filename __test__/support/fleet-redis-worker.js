// @ts-check
'use strict'

// A thread with a client of Redis: it posts a message when it is connected, and requests a token when it receives one.

const { parentPort, workerData } = require('node:worker_threads')
const { redisStore } = require('../../redis')
const { podOf } = require('./fleet')
const { single } = require('./redis-clients')

const { login, assertion, key, port, client: name } = workerData

async function main() {
  const { client } = await single[name](port)
  parentPort?.once('message', () => {
    podOf({ ...login, issueAssertion: () => assertion }, redisStore(client), { keys: [key], patience: 60_000 }).getClientToken().catch(() => {})
  })
  parentPort?.postMessage('connected')
  // Keeps the thread alive until the test ends it.
  setInterval(() => {}, 1000)
}

main()
