// @ts-check
'use strict'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'secret-visible',
  title: 'the secret shows when a credential is printed (1 = yes)',
  rounds: [1, 1],
  emulator: {},
  subjects: [
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'inspected', label: 'util.inspect', unit: '', digits: 0, headline: true },
    { key: 'json', label: 'JSON', unit: '', digits: 0, headline: true },
  ],

  async measure({ run }, subject) {
    const { answer } = await run('visible', subject)
    return answer
  },

  targets: [{ text: 'never', met: (median) => median('ours', 'inspected') + median('ours', 'json') === 0 }],
}
