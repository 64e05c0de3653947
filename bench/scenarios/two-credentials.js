// @ts-check
'use strict'

const { counting } = require('../service')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'two-credentials',
  title: 'two credentials of one application, one scope',
  rounds: [3, 1],
  emulator: {},
  subjects: [
    { name: 'Map', peer: 'map' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [{ key: 'requests', label: 'requests', unit: '', digits: 0, headline: true }],

  async measure({ run, emulator }, subject) {
    const { requests } = await counting(emulator, () => run('two-credentials', subject))
    return { requests }
  },

  targets: [{ text: '1 request', met: (median) => median('ours', 'requests') === 1 }],
}
