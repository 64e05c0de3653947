// @ts-check
'use strict'

const { join } = require('node:path')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'stored',
  title: 'a process with its token in the machine\'s store',
  // Enough rounds for a stable median of a few milliseconds' difference between processes of forty milliseconds.
  rounds: [200, 2],
  emulator: {},
  subjects: [
    { name: 'node -e 0', peer: 'node' },
    { name: 'ours, which loads the addon alone', peer: 'ours', parameters: { task: 'clear-cache' } },
    { name: 'ours, from the service', peer: 'ours', parameters: { credential: true } },
    { name: 'ours', peer: 'ours', parameters: { credential: true, isStored: true } },
  ],
  metrics: [
    { key: 'wall', label: 'wall', unit: 'ms', over: 'node -e 0', headline: true },
    { key: 'cpu', label: 'CPU', unit: 'ms', over: 'node -e 0' },
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
  ],

  async prepare({ run, folder, memory }) {
    memory.cache = { kind: 'machine', directory: join(folder, 'tokens'), protection: 'file' }
    await run('one-token', { name: 'the first one', peer: 'ours' }, { credential: true, cache: memory.cache })
  },

  async measure({ run, emulator, memory }, subject) {
    await emulator.resetCounters()
    const { task = 'one-token', isStored } = subject.parameters ?? {}
    const { wall, cpu } = await run(String(task), subject, isStored ? { cache: memory.cache } : {})
    const { tokenRequests } = await emulator.counters()
    return { wall, cpu, requests: tokenRequests }
  },

  targets: [
    { text: 'no request', met: (median) => median('ours', 'requests') === 0 },
    {
      text: 'at most 4 ms more than a process that loads the addon',
      met: (median) => median('ours', 'wall') - median('ours, which loads the addon alone', 'wall') <= 4,
    },
  ],
  note: 'the key is in a file. The row of the command has az with its cache. @azure/identity-cache-persistence is not measured, because keytar, which it needs, has no prebuilt binary for this version of Node.js',
}
