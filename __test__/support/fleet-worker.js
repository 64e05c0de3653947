// @ts-check
'use strict'

// A thread whose store never answers.

const { parentPort, workerData } = require('node:worker_threads')
const { podOf } = require('./fleet')

const { login, assertion, key } = workerData
const never = () => {
  parentPort?.postMessage('asked')
  return new Promise(() => {})
}

podOf({ ...login, issueAssertion: () => assertion }, { get: never, set: never, delete: never }, { keys: [key], patience: 60_000 }).getClientToken().catch(() => {})
// Keeps the thread alive until the test ends it.
setInterval(() => {}, 1000)
