// @ts-check
'use strict'

// `retryOptions`, as in @azure/core-rest-pipeline: the number of further tries, the wait before the first one, which doubles
// each time, and the longest wait.

const { LONGEST_TIMEOUT, bagOf, optionOf, wrongType } = require('../input-values')

/** The time limit of a call without the waits between its tries. */
const USUAL_TIME = 60_000

/** More than any call has time for. */
const MOST_RETRIES = 2 ** 32 - 1

/** The most tries of any service if the program sets none: those of a machine's metadata service. */
const RETRIES = 6
const FIRST_WAIT = 2_000
const LONGEST_WAIT = 60_000

/**
 * Returns the options for the core and the time limit of a call, or nothing if the program sets none.
 * @param {object | null | undefined} bag
 */
function retryOf(bag) {
  const given = bagOf(optionOf(bag ?? {}, 'retryOptions'), 'options.retryOptions')
  const mostRetries = count(optionOf(given, 'maxRetries'))
  const firstWait = milliseconds(given, 'retryDelayInMs')
  const longestWait = milliseconds(given, 'maxRetryDelayInMs')
  if (mostRetries === undefined && firstWait === undefined && longestWait === undefined) return undefined
  return { native: { mostRetries, firstWait, longestWait }, timeout: timeFor(mostRetries, firstWait, longestWait) }
}

/**
 * The default time limit plus all waits: a call must not end before its last try.
 * @param {number} [retries]
 * @param {number} [first]
 * @param {number} [longest]
 */
function timeFor(retries = RETRIES, first = FIRST_WAIT, longest = LONGEST_WAIT) {
  let [time, wait, left] = [USUAL_TIME, first, first > 0 ? retries : 0]
  for (; left > 0 && wait < longest; wait *= 2, left--) time += wait
  return Math.min(time + left * longest, LONGEST_TIMEOUT)
}

/** @param {unknown} value */
function count(value) {
  if (value === undefined || value === null) return undefined
  const isCount = typeof value === 'number' && value >= 0 && (Number.isInteger(value) || value === Infinity)
  if (!isCount) throw wrongType('options.retryOptions.maxRetries', 'a whole number, 0 or more', value)
  return Math.min(value, MOST_RETRIES)
}

/** @param {object} given @param {string} name */
function milliseconds(given, name) {
  const value = optionOf(given, name)
  if (value === undefined || value === null) return undefined
  const isTime = typeof value === 'number' && value >= 0
  if (!isTime) throw wrongType(`options.retryOptions.${name}`, 'a number of milliseconds, 0 or more', value)
  return Math.min(Math.ceil(value), LONGEST_TIMEOUT)
}

module.exports = { retryOf }
