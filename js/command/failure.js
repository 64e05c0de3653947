// @ts-check
'use strict'

// How the command fails: the exit codes that scripts see, and what is printed on stderr.

class UsageError extends Error {
  code = 'ERR_USAGE'
}

/** A failure with an exit code of its own. */
class ExitError extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode) {
    super(message)
    this.code = 'ERR_COMMAND'
    this.exitCode = exitCode
  }
}

/** 1 refused, 2 usage or configuration, 3 no credential, 4 network or timeout, 70 defect. @type {Record<string, number>} */
const exitCodes = {
  ERR_AUTHENTICATION: 1,
  ERR_UNEXPECTED_IDENTITY: 1,
  ERR_USAGE: 2,
  ERR_CONFIGURATION: 2,
  ERR_CREDENTIAL_UNAVAILABLE: 3,
  ERR_SERVICE_UNAVAILABLE: 4,
  ERR_NETWORK: 4,
  ERR_TIMEOUT: 4,
}

/** The properties of an error besides its code and message. */
const DETAILS = ['retryable', 'help', 'settings', 'attempts', 'statusCode', 'error', 'errorCodes', 'suberror', 'correlationId', 'traceId', 'retryAfter', 'host', 'phase', 'resource']

/** @typedef {Error & { code?: string, exitCode?: number, help?: string, settings?: string[], attempts?: object[] } & Record<string, unknown>} Failure */

/** @param {Failure} error */
function exitCodeOf({ code, exitCode }) {
  return exitCode ?? exitCodes[code ?? ''] ?? 70
}

/**
 * Errors of Node.js about unreadable options are errors in usage. Their text is not shown, because it may repeat the input.
 * @param {unknown} error
 * @returns {Failure}
 */
function failureOf(error) {
  const failure = /** @type {Failure} */ (error instanceof Error ? error : new Error('a value that is not an Error was thrown'))
  if (!failure.code?.startsWith('ERR_PARSE_ARGS')) return failure
  return /** @type {any} */ (new UsageError(optionProblem(failure)))
}

/** Returns the name of the option alone, if it looks like one. @param {Failure} failure */
function optionProblem({ message }) {
  const name = /'(?:-\w, )?(--?[a-z][a-z-]{0,30})\b/.exec(message)?.[1]
  return name === undefined ? 'The options cannot be read. See --help' : `The option ${name} is not known, or its value is missing. See --help`
}

/**
 * @param {Failure} failure
 * @param {boolean} asJson
 */
function textOf(failure, asJson) {
  const code = failure.code ?? 'ERR_INTERNAL'
  if (!asJson) return `azure-client-token: ${failure.message}${failure.help ? `\n  help: ${installedPlace(failure.help)}` : ''}\n`
  const details = Object.fromEntries(DETAILS.filter((name) => failure[name] !== undefined).map((name) => [name, failure[name]]))
  return `${JSON.stringify({ error: { code, message: failure.message, ...details } })}\n`
}

/** Where the package is installed: users do not see the folder of a global installation. @param {string} help */
function installedPlace(help) {
  return help.replace(/^azure-client-token(?=\/)/, () => require('node:path').join(__dirname, '..', '..'))
}

module.exports = { UsageError, ExitError, exitCodeOf, failureOf, textOf }
