// @ts-check
'use strict'

const { mkdir, writeFile } = require('node:fs/promises')
const { join } = require('node:path')

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'load',
  title: 'load the package, in process',
  rounds: [15, 1],
  subjects: [
    { name: 'empty package', peer: 'empty' },
    { name: 'empty package, import', peer: 'empty', parameters: { esm: true } },
    { name: 'node:https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'identity, import', peer: 'identity', parameters: { esm: true } },
    { name: 'msal', peer: 'msal' },
    { name: 'msal, import', peer: 'msal', parameters: { esm: true } },
    { name: 'ours', peer: 'ours' },
    { name: 'ours, import', peer: 'ours', parameters: { esm: true } },
  ],
  metrics: [
    { key: 'time', label: 'time', unit: 'ms', digits: 2, headline: true },
    { key: 'memory', label: 'RSS', unit: 'MiB', digits: 2, headline: true },
    { key: 'files', label: 'files', unit: '', digits: 0, headline: true },
  ],

  async prepare({ folder, memory }) {
    const module = join(folder, 'node_modules', 'empty')
    await mkdir(module, { recursive: true })
    await writeFile(join(module, 'package.json'), '{ "name": "empty", "version": "1.0.0", "exports": "./index.js" }\n')
    await writeFile(join(module, 'index.js'), "'use strict'\n\nmodule.exports = {}\n")
    memory.folder = folder
  },

  async measure({ run, memory }, subject) {
    const { answer } = await run('load', subject, subject.peer === 'empty' ? { module: 'empty', from: memory.folder } : {})
    return answer
  },

  targets: [
    {
      text: 'at most an empty package + 1 ms',
      met: (median) => median('ours', 'time') <= median('empty package', 'time') + 1,
    },
    { text: 'at most the time of node:https', met: (median) => median('ours', 'time') <= median('node:https', 'time') },
    { text: 'at most 1 MiB', met: (median) => median('ours', 'memory') <= 1 },
    { text: 'at most 6 files', met: (median) => median('ours', 'files') <= 6 },
  ],
}
