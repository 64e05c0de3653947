// @ts-check
'use strict'

const { setNewest } = require('./bounded-map')

/**
 * Why calls of a program's getAssertion() were rejected. The reason never leaves JavaScript: the error that native code
 * makes of it names the call, and gets the very object back as its cause.
 * @type {Map<number, unknown>}
 */
const rejections = new Map()

/** All calls that wait for the same token get the same reason, soon: the latest ones are enough. */
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
