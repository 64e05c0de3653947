// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

/**
 * Times a call that must fail. One that succeeds is an error here.
 *
 * @param {() => Promise<unknown>} call
 * @returns {Promise<{ time: number, error: any }>}
 */
async function timeToError(call) {
  const start = performance.now()
  try {
    await call()
  } catch (error) {
    return { time: performance.now() - start, error }
  }
  throw new Error('the call succeeded, and should not have')
}

/**
 * What a program that logs an error shows of it: its message, and those of its causes.
 *
 * @param {any} error
 * @returns {string}
 */
function textOf(error) {
  if (!(error instanceof Error)) return String(error ?? '')
  const { message, code, cause } = /** @type {any} */ (error)
  return [message, code, textOf(cause)].filter(Boolean).join(' / ')
}

module.exports = { textOf, timeToError }
