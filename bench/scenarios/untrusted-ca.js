// @ts-check
'use strict'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'untrusted-ca',
  title: 'a certificate authority that is not trusted',
  rounds: [7, 1],
  emulator: {},
  subjects: [
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'time', label: 'time to the error', unit: 'ms', digits: 0, headline: true },
    { key: 'named', label: 'issuer and trusted sources named (1 = yes)', unit: '', digits: 0 },
  ],

  async measure({ run }, subject) {
    const untrusting = { environment: { NODE_EXTRA_CA_CERTS: undefined } }
    const { answer } = await run('time-to-error', subject, { named: 'issued by.+trusted roots' }, untrusting)
    return answer
  },

  targets: [
    { text: 'at most 0.2 s', met: (median) => median('ours', 'time') <= 200 },
    { text: 'issuer and trusted sources named', met: (median) => median('ours', 'named') === 1 },
  ],
}
