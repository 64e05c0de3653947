// @ts-check
'use strict'

const { createRequire } = require('node:module')
const { join } = require('node:path')
const { performance } = require('node:perf_hooks')

/**
 * Loads a module by its name, in a process that has loaded nothing else of its size. `from` is the folder of the program with it in its
 * node_modules; `import()` loads it by its path, which Node.js resolves faster. `earlier` is a package that the process loads by its name
 * first: the first name costs Node.js about 2 ms more than later ones.
 *
 * @param {import('../types').Peer} peer
 * @param {{ module?: string, from?: string, esm?: boolean, earlier?: { name: string, from: string } }} parameters
 */
module.exports = async (peer, { module = peer.module ?? '', from = peer.from ?? __dirname, esm = false, earlier }) => {
  if (earlier !== undefined) createRequire(join(earlier.from, 'program.js'))(earlier.name)
  const load = createRequire(join(from, 'program.js'))
  const target = esm && from !== __dirname ? load.resolve(module) : module
  const files = Object.keys(require.cache).length
  const memory = process.memoryUsage.rss()
  const start = performance.now()
  if (esm) await import(target)
  else load(target)
  return {
    time: performance.now() - start,
    memory: (process.memoryUsage.rss() - memory) / 2 ** 20,
    // A program cannot list the files that import() loads.
    files: esm ? NaN : Object.keys(require.cache).length - files,
  }
}
