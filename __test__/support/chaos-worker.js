// @ts-check
'use strict'

// A thread of a chaos run: it makes a few calls, and checks only that each settles with an expected class.

const assert = require('node:assert/strict')
const { workerData } = require('node:worker_threads')
const { getClientToken, ClientTokenError } = require('../..')
const { plannedCall } = require('./chaos-plan')
const { seeded } = require('./random')

const CALLS = 8

async function main() {
  const random = seeded(workerData)
  const calls = Array.from({ length: CALLS }, () => plannedCall(random)).filter(({ isWrongType }) => !isWrongType)
  await Promise.all(calls.map(({ endpoint, opts }) => getClientToken({ endpoint }, opts).catch(expected)))
}

/** @param {unknown} error */
function expected(error) {
  assert.ok(error instanceof ClientTokenError && error.code !== 'ERR_INTERNAL', String(error))
}

main()
