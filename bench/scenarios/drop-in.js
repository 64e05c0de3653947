// @ts-check
'use strict'

const { identitySize, sizeOfOurs } = require('../measure/installed')

/** The drop-in for @azure/identity. */
const DROP_IN = 'azure-client-token/identity'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'drop-in',
  title: 'with one import changed',
  rounds: [9, 1],
  emulator: {},
  subjects: [
    { name: 'identity', peer: 'identity' },
    { name: 'ours', peer: 'ours', parameters: { dropIn: true } },
  ],
  metrics: [
    { key: 'load', label: 'time to load', unit: 'ms', digits: 1, headline: true },
    { key: 'size', label: 'in node_modules', unit: 'MB', digits: 1, headline: true },
    { key: 'requests', label: 'requests for 100 calls at once', unit: '', digits: 0, headline: true },
  ],

  async measure({ run, emulator }, subject) {
    const isOurs = subject.peer === 'ours'
    const { answer } = await run('load', subject, isOurs ? { module: DROP_IN } : {})
    await emulator.resetCounters()
    await run('burst', subject, { count: 100, mustSucceed: true })
    const { tokenRequests } = await emulator.counters()
    const { size } = isOurs ? sizeOfOurs() : identitySize()
    return { load: answer.time, size, requests: tokenRequests }
  },

  targets: [
    // The time that this package adds to Node.js' own for the first module of a process: the targets of load.js.
    { text: '1 request', met: (median) => median('ours', 'requests') === 1 },
  ],
}
