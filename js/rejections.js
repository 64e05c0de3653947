// @ts-check
'use strict'

/**
 * Why calls of a program's getAssertion() were rejected. The reason never leaves JavaScript: the error that native code
 * makes of it names the call, and gets the very object back as its cause.
 * @type {Map<number, unknown>}
 */
const rejections = new Map()

/** Everybody who waits for the same token gets the same reason, soon; so the latest ones are enough. */
const MOST_REJECTIONS = 256

/**
 * @param {number} call
 * @param {unknown} reason
 */
function rememberRejection(call, reason) {
  const [oldest] = rejections.keys()
  if (rejections.size >= MOST_REJECTIONS) rejections.delete(oldest)
  rejections.set(call, reason)
}

/**
 * @param {number} call
 * @returns {{ cause: unknown } | undefined}
 */
function rejectionOf(call) {
  return rejections.has(call) ? { cause: rejections.get(call) } : undefined
}

module.exports = { rememberRejection, rejectionOf }
