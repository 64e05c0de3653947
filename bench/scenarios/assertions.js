// @ts-check
'use strict'

const { makeCertificate } = require('../certificate')
const { instantAnswer } = require('../service')

/** @typedef {import('../types').Stage} Stage */
/** @typedef {import('../types').Subject} Subject */

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'assertions',
  title: 'client assertions signed in a second of processor time (RSA 2048, PS256)',
  rounds: [9, 1],
  emulator: {},
  subjects: [
    { name: 'node:crypto, kept key', peer: 'crypto' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [{ key: 'rate', label: 'rate', unit: '/s', digits: 0, headline: true, rising: true }],

  async prepare({ folder, emulator, memory }) {
    memory.certificate = await makeCertificate(folder)
    await emulator.addFault(instantAnswer())
  },

  async measure(stage, subject) {
    const count = stage.quick ? 100 : 1_000
    const signing = await processorTime(stage, subject, { count, signed: true })
    const without = await processorTime(stage, subject, { count, signed: false })
    return { rate: count / ((signing - without) / 1e3) }
  },

  targets: [
    {
      text: 'at least node:crypto with a kept key',
      met: (median) => median('ours', 'rate') >= median('node:crypto, kept key', 'rate'),
    },
  ],
  note: 'ours signs nothing but whole requests: the same number of requests with a secret is subtracted; what a second of ' +
    'processor time yields does not depend on the number of threads; identity signs with msal; a processor with AVX-512 ' +
    'IFMA may favour the OpenSSL in Node',
}

/**
 * @param {Stage} stage
 * @param {Subject} subject
 * @param {{ count: number, signed: boolean }} parameters
 */
async function processorTime({ run, memory }, subject, parameters) {
  const { cpu } = await run('sign', subject, { ...memory.certificate, ...parameters })
  return cpu
}
