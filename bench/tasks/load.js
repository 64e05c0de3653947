// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')
const { join } = require('node:path')

/**
 * Loads a module, in a process that has loaded nothing else of its size.
 *
 * @param {import('../types').Peer} peer
 * @param {{ module?: string, esm?: boolean }} parameters
 */
module.exports = async (peer, { module = peer.module ?? '', esm = false }) => {
  const target = module.startsWith('.') ? join(__dirname, module) : module
  const files = Object.keys(require.cache).length
  const memory = process.memoryUsage.rss()
  const start = performance.now()
  if (esm) await import(target)
  else require(target)
  return {
    time: performance.now() - start,
    memory: (process.memoryUsage.rss() - memory) / 2 ** 20,
    // What import() loads is in no list that a program can read.
    files: esm ? NaN : Object.keys(require.cache).length - files,
  }
}
