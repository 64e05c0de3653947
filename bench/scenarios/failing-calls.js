// @ts-check
'use strict'

const { counting } = require('../service')

const CALLS = 200

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'failing-calls',
  title: `${CALLS} concurrent calls with a wrong secret`,
  rounds: [7, 1],
  emulator: {},
  subjects: [
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
    { key: 'rejected', label: 'rejected', unit: '', digits: 0 },
    { key: 'time', label: 'time', unit: 'ms', digits: 0 },
    { key: 'blocked', label: 'event loop blocked', unit: 'ms', digits: 1, headline: true },
  ],

  async measure({ run, emulator }, subject) {
    const wrong = { environment: { ARM_CLIENT_SECRET: 'a-wrong-secret' } }
    const { result, requests } = await counting(emulator, () => run('burst', subject, { count: CALLS }, wrong))
    return { requests, ...result.answer }
  },

  targets: [
    {
      text: `1 request, ${CALLS} rejections`,
      met: (median) => median('ours', 'requests') === 1 && median('ours', 'rejected') === CALLS,
    },
    { text: 'event loop never blocked for more than 10 ms', met: (median) => median('ours', 'blocked') <= 10 },
  ],
}
