// @ts-check
'use strict'

const { mkdir, writeFile } = require('node:fs/promises')
const { join } = require('node:path')

/** The drop-in for @azure/identity. */
const DROP_IN = 'azure-client-token/identity'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'load',
  title: 'load the package, in process',
  rounds: [15, 1],
  subjects: [
    { name: 'empty package', peer: 'empty' },
    { name: 'empty package, import', peer: 'empty', parameters: { esm: true } },
    { name: 'empty package, second', peer: 'empty', parameters: { second: true } },
    { name: 'node:https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'identity, import', peer: 'identity', parameters: { esm: true } },
    { name: 'msal', peer: 'msal' },
    { name: 'msal, import', peer: 'msal', parameters: { esm: true } },
    { name: 'ours', peer: 'ours' },
    { name: 'ours, import', peer: 'ours', parameters: { esm: true } },
    { name: 'drop-in', peer: 'ours', parameters: { module: DROP_IN } },
    { name: 'drop-in, second', peer: 'ours', parameters: { module: DROP_IN, second: true } },
  ],
  metrics: [
    { key: 'time', label: 'time', unit: 'ms', digits: 2, headline: true },
    { key: 'memory', label: 'RSS', unit: 'MiB', digits: 2, headline: true },
    { key: 'files', label: 'files', unit: '', digits: 0, headline: true },
  ],

  async prepare({ folder, memory }) {
    for (const name of ['empty', 'earlier']) await writePackage(join(folder, 'node_modules', name), name)
    memory.folder = folder
  },

  async measure({ run, memory }, subject) {
    const { folder } = memory
    const earlier = subject.parameters?.second ? { earlier: { name: 'earlier', from: folder } } : {}
    const { answer } = await run('load', subject, { ...earlier, ...(subject.peer === 'empty' ? { module: 'empty', from: folder } : {}) })
    return answer
  },

  targets: [
    {
      text: 'at most an empty package + 1 ms',
      met: (median) => median('ours', 'time') <= median('empty package', 'time') + 1,
    },
    {
      text: 'the drop-in, as the second package of a process: at most 2 ms',
      met: (median) => median('drop-in, second', 'time') <= 2,
    },
    {
      text: 'the drop-in: at most an empty package + 1 ms',
      met: (median) => median('drop-in', 'time') <= median('empty package', 'time') + 1,
    },
    { text: 'at most the time of node:https', met: (median) => median('ours', 'time') <= median('node:https', 'time') },
    { text: 'at most 1 MiB', met: (median) => median('ours', 'memory') <= 1 },
    { text: 'at most 6 files', met: (median) => median('ours', 'files') <= 6 },
  ],
}

/**
 * @param {string} folder
 * @param {string} name
 */
async function writePackage(folder, name) {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), `{ "name": "${name}", "version": "1.0.0", "exports": "./index.js" }\n`)
  await writeFile(join(folder, 'index.js'), "'use strict'\n\nmodule.exports = {}\n")
}
