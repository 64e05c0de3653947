// @ts-check
'use strict'

const { makeCertificate } = require('../certificate')
const { instantAnswer } = require('../service')

const endpoint = 'https://vault.azure.net'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'warm',
  title: 'await a token that is in the cache',
  rounds: [9, 1],
  emulator: {},
  subjects: [
    { name: 'Map', peer: 'map' },
    { name: 'Map, endpoint', peer: 'map', parameters: { endpoint } },
    { name: 'identity', peer: 'identity' },
    { name: 'identity, certificate', peer: 'identity', parameters: { certificate: true } },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
    { name: 'ours, endpoint', peer: 'ours', parameters: { endpoint } },
    { name: 'ours, certificate', peer: 'ours', parameters: { certificate: true } },
  ],
  metrics: [{ key: 'call', label: 'one call', unit: 'µs', digits: 3, headline: true }],

  async prepare({ folder, emulator, memory }) {
    memory.certificate = await makeCertificate(folder)
    await emulator.addFault(instantAnswer())
  },

  async measure({ run, quick, memory }, subject) {
    const timing = quick ? { batches: 3, batchTime: 5 } : { batches: 11, batchTime: 30 }
    const { answer } = await run('warm', subject, { ...timing, ...(subject.parameters?.certificate ? memory.certificate : {}) })
    return answer
  },

  targets: [
    { text: 'at most 1.5 times a Map', met: (median) => median('ours', 'call') <= 1.5 * median('Map', 'call') },
    {
      text: 'the same with an endpoint',
      met: (median) => median('ours, endpoint', 'call') <= 1.5 * median('Map, endpoint', 'call'),
    },
    {
      text: 'at least 50 times as fast as identity',
      met: (median) => 50 * median('ours', 'call') <= median('identity', 'call'),
    },
  ],
}
