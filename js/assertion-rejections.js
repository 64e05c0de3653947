// @ts-check
'use strict'

const { setNewest } = require('./bounded-map')

/**
 * The reasons for which calls of a program's getAssertion() were rejected. A reason never leaves JavaScript: native code's
 * error has the number of the call, and gets the same object back as its cause.
 * @type {Map<number, unknown>}
 */
const rejections = new Map()

/** All calls that wait for the same token get the same reason soon, so keeping the latest reasons is enough. */
const MOST_REJECTIONS = 256

/**
 * @param {number} call
 * @param {unknown} reason
 */
function rememberRejection(call, reason) {
  setNewest(rejections, call, reason, MOST_REJECTIONS)
}

/**
 * @param {number} call
 * @returns {{ cause: unknown } | undefined}
 */
function rejectionOf(call) {
  return rejections.has(call) ? { cause: rejections.get(call) } : undefined
}

module.exports = { rememberRejection, rejectionOf }
