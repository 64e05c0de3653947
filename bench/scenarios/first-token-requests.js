// @ts-check
'use strict'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'first-token-requests',
  title: 'requests for a first token',
  rounds: [3, 1],
  emulator: {},
  subjects: [
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'requests', label: 'all requests', unit: '', digits: 0, headline: true },
    { key: 'discovery', label: 'of these, discovery', unit: '', digits: 0 },
  ],

  async measure({ run, emulator }, subject) {
    await emulator.resetCounters()
    await run('one-token', subject)
    const { requests, discoveryRequests } = await emulator.counters()
    return { requests, discovery: discoveryRequests }
  },

  targets: [{ text: '1 request', met: (median) => median('ours', 'requests') === 1 }],
  note: 'an authority other than the public cloud; the peers run without instance discovery, ' +
    'which would make one more request to a public host',
}
