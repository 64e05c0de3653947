// @ts-check
'use strict'

const { mkdir } = require('node:fs/promises')
const { join } = require('node:path')

const { ownNetwork } = require('../namespace')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'nothing-configured',
  title: 'the default login without any configuration',
  rounds: [7, 1],
  subjects: [
    { name: 'bare http, one request', peer: 'http' },
    { name: 'identity', peer: 'identity' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'time', label: 'time to the error', unit: 'ms', digits: 0, headline: true },
    { key: 'attempts', label: 'attempts as data', unit: '', digits: 0 },
  ],

  async prepare({ folder, memory }) {
    // Without az, azd and pwsh, whose time is not measured here.
    const noCommands = join(folder, 'no-commands')
    await mkdir(noCommands)
    memory.prefix = [...ownNetwork(), 'env', `PATH=${noCommands}`]
  },

  async measure({ run, memory }, subject) {
    const { answer } = await run('nothing', subject, {}, { prefix: memory.prefix })
    return answer
  },

  targets: [
    { text: 'at most 1.2 s', met: (median) => median('ours', 'time') <= 1_200 },
    { text: 'every attempt as data: the chain has six members', met: (median) => median('ours', 'attempts') === 6 },
  ],
  note: 'in a separate network, in which the metadata service refuses the connection; without command-line tools',
}
