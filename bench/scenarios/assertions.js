// @ts-check
'use strict'

const { makeCertificate } = require('../certificate')
const { builtExample, numberOf } = require('../example')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'assertions',
  title: 'client assertions signed per second (RSA 2048, PS256, one thread)',
  rounds: [9, 1],
  subjects: [
    { name: 'node:crypto, kept key', peer: 'crypto' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [{ key: 'rate', label: 'rate', unit: '/s', digits: 0, headline: true, rising: true }],

  async prepare({ folder, quick, memory }) {
    memory.certificate = await makeCertificate(folder)
    memory.signer = builtExample('sign_assertions', quick)
  },

  async measure({ run, quick, memory }, subject) {
    const duration = quick ? 100 : 1_000
    const { certificate, signer } = memory
    if (subject.peer === 'ours') return { rate: numberOf(signer, certificate.certificatePath, duration) }
    const { answer } = await run('sign', subject, { ...certificate, duration })
    return answer
  },

  targets: [
    {
      text: 'at least node:crypto with a kept key',
      met: (median) => median('ours', 'rate') >= median('node:crypto, kept key', 'rate'),
    },
  ],
  note: 'the package does not export signing on its own: ours is a program with its core, built like the addon; ' +
    'identity signs with msal; on a processor with AVX-512 IFMA, Node.js’s OpenSSL may be faster',
}
