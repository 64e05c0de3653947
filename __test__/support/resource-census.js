// @ts-check
'use strict'

const { getEventListeners } = require('node:events')
const fs = require('node:fs')

/**
 * The resources of the process, whose counts must be the same before and after. Threads, sockets and child processes are read from /proc,
 * and are 0 without it.
 * @param {AbortSignal} signal
 */
function census(signal) {
  const names = listed('/proc/self/task').map((id) => read(`/proc/self/task/${id}/comm`).trim())
  return {
    resources: counted(process.getActiveResourcesInfo()),
    listeners: getEventListeners(signal, 'abort').length,
    azureThreads: names.filter((name) => name === 'azure-token').length,
    threads: names.length,
    sockets: listed('/proc/self/fd').filter((descriptor) => target(descriptor).startsWith('socket:')).length,
    children: listed('/proc/self/task').flatMap((id) => read(`/proc/self/task/${id}/children`).split(' ').filter(Boolean)).length,
  }
}

/** @param {string[]} names */
function counted(names) {
  /** @type {Record<string, number>} */
  const counts = {}
  for (const name of names.sort()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** @param {string} folder */
function listed(folder) {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : []
}

/** @param {string} file does not exist any more if its thread has just ended */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} descriptor */
function target(descriptor) {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}

module.exports = { census }
