// @ts-check
'use strict'

// A process that provokes the fault with the given name, and prints its time in milliseconds.

const { faults } = require('./faults')
const { nameOf } = require('./fault-table')
const { assertPromised, provokeHere } = require('./fault-runner')

async function main() {
  const fault = faults.find((fault) => nameOf(fault) === process.argv[2])
  if (fault === undefined) throw new Error('no fault has this name')
  const outcome = await provokeHere(fault, /** @type {any} */ ({ caFile: '' }))
  assertPromised({ ...fault, ownProcess: undefined }, outcome)
  require('node:fs').writeSync(1, String(outcome.milliseconds))
  // A thread that waits for a disk would keep the process alive.
  process.exit()
}

main()
