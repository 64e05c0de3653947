// @ts-check
'use strict'

// The logger of this entry, in the form of @azure/logger's own: a function for each level, which the variable
// AZURE_LOG_LEVEL enables.

const { binding } = require('../binding')

/**
 * @typedef {import('../../identity').Debugger} Debugger
 * @typedef {'verbose' | 'info' | 'warning' | 'error'} Level
 */

/** The most detailed level comes first: it enables the following ones as well. @type {Level[]} */
const LEVELS = ['verbose', 'info', 'warning', 'error']

/** The level for each level of the core's lines. @type {Record<import('../../index').LogEntry['level'], Level>} */
const LEVEL_OF = { debug: 'verbose', info: 'info', warn: 'warning', error: 'error' }

const logger = {
  error: debuggerOf('error'),
  warning: debuggerOf('warning'),
  info: debuggerOf('info'),
  verbose: debuggerOf('verbose'),
}

/** @param {Level} level */
function debuggerOf(level) {
  const chosen = LEVELS.indexOf(/** @type {Level} */ ((process.env.AZURE_LOG_LEVEL ?? '').trim().toLowerCase()))
  return namedDebugger(`azure:identity:${level}`, chosen >= 0 && LEVELS.indexOf(level) >= chosen)
}

/**
 * @param {string} namespace
 * @param {boolean} enabled
 * @returns {Debugger}
 */
function namedDebugger(namespace, enabled) {
  /** @type {any} */
  const instance = (/** @type {unknown[]} */ ...values) => {
    if (instance.enabled) instance.log(namespace, ...values)
  }
  const destroy = () => {
    instance.enabled = false
    return true
  }
  const extend = (/** @type {string} */ name) => Object.assign(namedDebugger(`${namespace}:${name}`, instance.enabled), { log: instance.log })
  return Object.assign(instance, { namespace, enabled, destroy, extend, log: toStderr })
}

/**
 * Prints as the core does: `process.stderr` would end the process if its reader has ended or a disk is full, and would keep
 * the process alive if it is not read.
 * @param {...unknown} values
 */
function toStderr(...values) {
  try {
    binding().printLine(require('node:util').format(...values))
  } catch {
    // Without the addon there is nothing to log, and each call reports what is missing.
  }
}

/** Receives the core's lines if any level is enabled. */
function logReceiver() {
  if (!Object.values(logger).some(({ enabled }) => enabled)) return undefined
  return (/** @type {import('../../index').LogEntry} */ { level, message }) => logger[LEVEL_OF[level]](message)
}

module.exports = { logger, logReceiver }
