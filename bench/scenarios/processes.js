// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')
const { join } = require('node:path')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'processes',
  title: '200 processes that start at once and need the same token',
  rounds: [3, 1],
  emulator: {},
  subjects: [
    { name: 'node -e 0', peer: 'node' },
    { name: 'bare https', peer: 'https' },
    { name: 'ours, no store', peer: 'ours', parameters: { credential: true } },
    { name: 'ours', peer: 'ours', parameters: { credential: true, isShared: true } },
  ],
  metrics: [
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
    { key: 'last', label: 'last process', unit: 's', digits: 1, headline: true },
  ],

  async measure({ run, emulator, quick, folder }, subject) {
    await emulator.resetCounters()
    // A new folder each time, and the key in a file, because not every machine has a key store.
    const cache = { kind: 'machine', directory: join(folder, randomUUID()), protection: 'file' }
    const parameters = subject.parameters?.isShared ? { cache } : {}
    const start = performance.now()
    await Promise.all(Array.from({ length: quick ? 10 : 200 }, () => run('one-token', subject, parameters)))
    const last = (performance.now() - start) / 1e3
    const { tokenRequests } = await emulator.counters()
    return { requests: tokenRequests, last }
  },

  targets: [{ text: '1 request', met: (median) => median('ours', 'requests') === 1 }],
  note: 'no peer shares a request among processes: each makes as many requests as bare https',
}
