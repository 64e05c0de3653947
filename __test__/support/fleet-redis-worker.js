// @ts-check
'use strict'

// A thread with a client of Redis: it says when it is connected, and asks for a token when it is told to.

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
  // Keeps the thread until it is ended.
  setInterval(() => {}, 1000)
}

main()
