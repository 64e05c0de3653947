// @ts-check
'use strict'

// Watches the process that started the emulator. npx runs it through a shell and sends signals only to that shell, so the
// emulator would continue.

/** The milliseconds between two checks. */
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

/** A process whose parent has ended has another parent, except on Windows. @param {number} parent */
function isRunning(parent) {
  if (process.ppid !== parent) return false
  try {
    return process.kill(parent, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

module.exports = { endOfParent, isStartedByNpx }
