// @ts-check
'use strict'

// Runs a program with tokens in its environment. No command line and no other process contains them.

const { spawn } = require('node:child_process')
const { constants } = require('node:os')
const { ExitError, UsageError } = require('./failure')
const { makeLogin } = require('./login')
const { resourceOf } = require('./aliases')

/** The exit codes of `env` and `timeout` of coreutils: own failure, not executable, not found. */
const [OWN_FAILURE, NOT_EXECUTABLE, NOT_FOUND] = [125, 126, 127]

/** The system has no process, or no pipe to one, for the program. */
const noProcess = ['EAGAIN', 'EMFILE', 'ENFILE']

/** A terminal sends these to all its processes, so `exec` does not pass them on as well. */
const fromTerminal = ['SIGINT', 'SIGQUIT']
const handedThrough = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'])

/**
 * @param {import('./login').LoginOptions & { set?: string[] }} options
 * @param {string[]} words the program and its arguments
 */
async function main(options, [program, ...rest]) {
  // Before the options change it.
  const environment = { ...process.env }
  const tokens = await tokensOf(options, program)
  return { text: '', code: await ran(program, rest, { ...environment, ...tokens }) }
}

/**
 * A failure before the start of the program has an exit code that the program is unlikely to use.
 * @param {import('./login').LoginOptions & { set?: string[] }} options
 * @param {string | undefined} program
 */
async function tokensOf(options, program) {
  try {
    if (program === undefined) throw new UsageError('There is no program to run. Write it after --, as in exec --set PGPASSWORD=postgres -- psql')
    const wanted = (options.set ?? []).map(wantedOf)
    if (wanted.length === 0) throw new UsageError('No variable is named. Use --set NAME=ALIAS, as in --set PGPASSWORD=postgres')
    const login = makeLogin(options)
    const resources = wanted.map(({ word }) => resourceOf(word, login.cloud))
    const tokens = await Promise.all(resources.map((resource) => login.token(resource)))
    return Object.fromEntries(wanted.map(({ name }, index) => [name, tokens[index].token]))
  } catch (error) {
    throw Object.assign(/** @type {Error} */ (error), { exitCode: OWN_FAILURE })
  }
}

/** @param {string} text */
function wantedOf(text) {
  const at = text.indexOf('=')
  if (at < 1 || at === text.length - 1) throw new UsageError('--set must be NAME=ALIAS, as in --set PGPASSWORD=postgres')
  return { name: text.slice(0, at), word: text.slice(at + 1) }
}

/**
 * @param {string} program
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function ran(program, words, env) {
  // From here on the terminal and the signals belong to the program: already before its start, since it may receive a signal
  // at once.
  require('./progress-line').endWaiting()
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  for (const signal of handedThrough) process.on(signal, () => isForChild(signal) && child?.kill(signal))
  child = started(program, words, env)
  return new Promise((resolve, reject) => {
    child.on('error', (/** @type {NodeJS.ErrnoException} */ error) => reject(notStarted(error)))
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)]))
  })
}

/**
 * Node.js reports some failures to start a program by an event, and throws the others.
 * @param {string} program
 * @param {string[]} words
 * @param {NodeJS.ProcessEnv} env
 */
function started(program, words, env) {
  try {
    return spawn(program, words, { env, stdio: 'inherit' })
  } catch (error) {
    // Node.js itself refuses an empty name.
    throw notStarted(program === '' ? { code: 'ENOENT' } : /** @type {NodeJS.ErrnoException} */ (error))
  }
}

/** @param {string} signal */
function isForChild(signal) {
  return !(fromTerminal.includes(signal) && process.stdin.isTTY)
}

/** @param {{ code?: string }} error */
function notStarted({ code = 'unknown' }) {
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ExitError('The program is not found. Check its name and PATH', NOT_FOUND)
  if (noProcess.includes(code)) return new ExitError(`The program cannot be started (${code}). Check the machine's limits`, OWN_FAILURE)
  if (code === 'E2BIG' || code === 'ENOMEM') return new ExitError(`The program cannot be started (${code}). Check the length of its arguments, and the machine's limits`, NOT_EXECUTABLE)
  if (code === 'ETXTBSY') return new ExitError('The program cannot be executed (ETXTBSY): its file is open for writing. Start it when the file is complete', NOT_EXECUTABLE)
  return new ExitError(`The program cannot be executed (${code}). Check its file and its permissions`, NOT_EXECUTABLE)
}

module.exports = { main }
