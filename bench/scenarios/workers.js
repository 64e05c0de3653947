// @ts-check
'use strict'

const { counting, instantAnswer } = require('../service')

const THREADS = [1, 2, 3, 4]
const QUICK_THREADS = [1, 4]

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'workers',
  title: 'one token in 1 to 4 worker threads',
  rounds: [7, 1],
  emulator: {},
  subjects: [
    { name: 'Map', peer: 'map' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: THREADS.flatMap((threads) => [
    { key: `requests${threads}`, label: `${threads}: requests`, unit: '', digits: 0, headline: threads === 4 },
    { key: `rate${threads}`, label: 'cached calls', unit: '/ms', digits: 0, rising: true },
  ]),

  prepare: ({ emulator }) => void emulator.addFault(instantAnswer({ delay: 50 })),

  async measure({ run, emulator, quick }, subject) {
    /** @type {import('../types').Sample} */
    const sample = {}
    for (const threads of quick ? QUICK_THREADS : THREADS) {
      const parameters = { peer: subject.peer, threads, duration: quick ? 50 : 250 }
      const { result, requests } = await counting(emulator, () => run('workers', subject, parameters))
      sample[`requests${threads}`] = requests
      sample[`rate${threads}`] = result.answer.rate / 1e3
    }
    return sample
  },

  targets: [{ text: '1 request for 4 threads', met: (median) => median('ours', 'requests4') === 1 }],
}
