// @ts-check
'use strict'

// A process that meets the one fault whose name it is given, and prints how long that took, in milliseconds.

const { faults } = require('./faults')
const { nameOf } = require('./fault-table')
const { assertPromised, meetHere } = require('./fault-runner')

async function main() {
  const fault = faults.find((fault) => nameOf(fault) === process.argv[2])
  if (fault === undefined) throw new Error('there is no such fault')
  const met = await meetHere(fault, /** @type {any} */ ({ caFile: '' }))
  assertPromised({ ...fault, apart: undefined }, met)
  require('node:fs').writeSync(1, String(met.milliseconds))
  // What waits for a disk keeps a thread, and the process with it.
  process.exit()
}

main()
