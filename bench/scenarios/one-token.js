// @ts-check
'use strict'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'one-token',
  title: 'a process that gets one token',
  rounds: [15, 2],
  emulator: {},
  subjects: [
    { name: 'node -e 0', peer: 'node' },
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'wall', label: 'wall', unit: 'ms', over: 'node -e 0', headline: true },
    { key: 'cpu', label: 'CPU', unit: 'ms', over: 'node -e 0', headline: true },
    { key: 'peak', label: 'peak RSS', unit: 'MiB', over: 'node -e 0', headline: true },
  ],

  async measure({ run }, subject) {
    const { wall, cpu, peak } = await run('one-token', subject)
    return { wall, cpu, peak }
  },

  targets: [
    {
      text: 'at most half the CPU of bare https',
      met: (median) => median('ours', 'cpu') <= median('bare https', 'cpu') / 2,
    },
    {
      text: 'at most half the wall time of bare https',
      met: (median) => median('ours', 'wall') <= median('bare https', 'wall') / 2,
    },
    { text: 'at most 6 MiB', met: (median) => median('ours', 'peak') <= 6 },
    { text: 'less memory than bare https', met: (median) => median('ours', 'peak') < median('bare https', 'peak') },
  ],
  note: 'CPU is user and system time of all threads, up to the exit hook of the process',
}
