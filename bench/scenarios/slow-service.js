// @ts-check
'use strict'

const { counting, instantAnswer } = require('../service')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'slow-service',
  title: '50 concurrent calls, service answers in 200 ms',
  rounds: [7, 1],
  emulator: {},
  subjects: [
    { name: 'Map', peer: 'map' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
    { key: 'time', label: 'time', unit: 'ms', digits: 0 },
  ],

  prepare: ({ emulator }) => void emulator.addFault(instantAnswer({ delay: 200 })),

  async measure({ run, emulator }, subject) {
    const { result, requests } = await counting(emulator, () => run('burst', subject, { count: 50, mustSucceed: true }))
    return { requests, ...result.answer }
  },

  targets: [{ text: '1 request', met: (median) => median('ours', 'requests') === 1 }],
}
