// @ts-check
'use strict'

const { counting, instantAnswer } = require('../service')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'first-calls',
  title: '1,000 concurrent first calls for one token',
  rounds: [7, 1],
  emulator: {},
  subjects: [
    { name: 'Map', peer: 'map' },
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
    { key: 'connections', label: 'connections', unit: '', digits: 0 },
    { key: 'time', label: 'time', unit: 'ms', digits: 0, headline: true },
    { key: 'blocked', label: 'event loop blocked', unit: 'ms', digits: 1, headline: true },
    { key: 'peak', label: 'peak RSS', unit: 'MiB', digits: 0 },
  ],

  prepare: ({ emulator }) => void emulator.addFault(instantAnswer()),

  async measure({ run, emulator, quick }, subject) {
    const parameters = { count: quick ? 100 : 1_000, mustSucceed: true }
    const { result, ...seen } = await counting(emulator, () => run('burst', subject, parameters))
    return { ...seen, peak: result.peak, ...result.answer }
  },

  targets: [
    { text: '1 request', met: (median) => median('ours', 'requests') === 1 },
    { text: 'event loop never blocked for more than 10 ms', met: (median) => median('ours', 'blocked') <= 10 },
  ],
}
