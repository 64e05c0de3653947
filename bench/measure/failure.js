// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

/**
 * Measures a call that must fail. A call that succeeds is an error here.
 *
 * @param {() => Promise<unknown>} call
 * @returns {Promise<{ time: number, error: any }>}
 */
async function timeToError(call) {
  const start = performance.now()
  try {
    await call()
  } catch (error) {
    assertMeant(error)
    return { time: performance.now() - start, error }
  }
  throw new Error('the call succeeded, but it must fail')
}

/**
 * Throws if the error does not come from the service: a mistake in a program, or a package that cannot be loaded, must not count as a fast
 * refusal.
 *
 * @param {any} error
 */
function assertMeant(error) {
  const isMistake = error instanceof TypeError || error instanceof ReferenceError
  const isUnloadable = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'].includes(error?.code)
  if (isMistake || isUnloadable) throw error
}

/**
 * The text that a program logs for an error: its message, and those of its causes.
 *
 * @param {any} error
 * @returns {string}
 */
function textOf(error) {
  if (!(error instanceof Error)) return String(error ?? '')
  const { message, code, cause } = /** @type {any} */ (error)
  return [message, code, textOf(cause)].filter(Boolean).join(' / ')
}

module.exports = { assertMeant, textOf, timeToError }
