// @ts-check
'use strict'

// The process that started the emulator. npx runs it by a shell, and passes a signal on to that shell alone: the emulator would stay.

/** Milliseconds between two looks. */
const PAUSE = 200

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
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isRunning(parent)) return
      clearInterval(timer)
      resolve()
    }, PAUSE).unref()
  })
}

/** An orphan has another parent, except on Windows. @param {number} parent */
function isRunning(parent) {
  if (process.ppid !== parent) return false
  try {
    return process.kill(parent, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

module.exports = { endOfParent, isStartedByNpx }
