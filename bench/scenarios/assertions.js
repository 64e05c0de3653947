// @ts-check
'use strict'

const { makeCertificate } = require('../certificate')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'assertions',
  title: 'client assertions signed a second (RSA 2048, PS256, one thread)',
  rounds: [7, 1],
  subjects: [
    { name: 'node:crypto, kept key', peer: 'crypto' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours', pending: 'no export that only signs yet' },
  ],
  metrics: [{ key: 'rate', label: 'rate', unit: '/s', digits: 0, headline: true, rising: true }],

  async prepare({ folder, memory }) {
    memory.certificate = await makeCertificate(folder)
  },

  async measure({ run, quick, memory }, subject) {
    const { answer } = await run('sign', subject, { ...memory.certificate, duration: quick ? 100 : 1_000 })
    return answer
  },

  targets: [
    {
      text: 'at least node:crypto with a kept key',
      met: (median) => median('ours', 'rate') >= median('node:crypto, kept key', 'rate'),
    },
  ],
  note: 'identity signs with msal; a processor with AVX-512 IFMA may favour the OpenSSL in Node',
}
