// @ts-check
'use strict'

// Watches the process that started the emulator. npx runs it through a shell and sends signals only to that shell, so the
// emulator would continue.

const fs = require('node:fs')

/** The milliseconds between two checks. */
const PAUSE = 200

/** A process's id, name, state and parent's id: proc(5). */
const SHELL_AND_PARENT = /^\d+ \([a-z]*sh\) \S (\d+) /

/** @returns {boolean} whether npx started this process */
function isStartedByNpx() {
  return process.env.npm_lifecycle_event === 'npx'
}

/**
 * Does not keep the process alive.
 * @returns {Promise<void>}
 */
function endOfParent() {
  const parent = process.ppid
  const npx = npxBehind(parent)
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isRunning(parent) && npxBehind(parent) === npx) return
      clearInterval(timer)
      resolve()
    }, PAUSE).unref()
  })
}

/** A process whose parent has ended has another parent, except on Windows. @param {number} parent */
function isRunning(parent) {
  if (process.ppid !== parent) return false
  try {
    return process.kill(parent, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/**
 * If npx is killed, its shell continues with another parent. Only on Linux can this process find that out without another
 * program.
 * @param {number} parent
 * @returns {string | undefined} the id of npx's process, if a shell stands between it and this process
 */
function npxBehind(parent) {
  if (!isStartedByNpx()) return undefined
  try {
    return SHELL_AND_PARENT.exec(fs.readFileSync(`/proc/${parent}/stat`, 'latin1'))?.[1]
  } catch {
    return undefined
  }
}

module.exports = { endOfParent, isStartedByNpx }
