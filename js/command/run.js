// @ts-check
'use strict'

// Runs the command that the command line names, and ends the process with its outcome.

const { commands } = require('./commands')
const { keepDebuggerClosed } = require('./debugger')
const { UsageError, exitCodeOf, failureOf, textOf } = require('./failure')
const { end, notify, writeAndEnd } = require('./streams')

/** The exit codes for signals: 128 plus the signal's number. */
const signals = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143 })

/**
 * The file of each command.
 * @type {Record<string, () => { main: (values: any, words: string[]) => string | Result | Promise<string | Result> }>}
 */
const files = {
  token: () => require('./token'),
  whoami: () => require('./whoami'),
  explain: () => require('./explain'),
  cache: () => require('./cache'),
  exec: () => require('./exec'),
  kubectl: () => require('./kubectl'),
  kubeconfig: () => require('./kubeconfig'),
  npmrc: () => require('./npmrc'),
  completion: () => require('./completion'),
}

/** @typedef {{ text: string, code: number }} Result what goes to stdout, and the exit code */

/** @param {string[]} words */
async function run(words) {
  keepDebuggerClosed()
  endOnSignals()
  const { text, code } = await outcome(words).catch((error) => reported(error, words))
  await writeAndEnd(text, code)
}

/**
 * @param {unknown} error
 * @param {string[]} words
 * @returns {Result}
 */
function reported(error, words) {
  const failure = failureOf(error)
  notify(textOf(failure, parted(words).own.includes('--json')))
  return { text: '', code: exitCodeOf(failure) }
}

/**
 * @param {string[]} words
 * @returns {Promise<Result>}
 */
async function outcome([name, ...rest]) {
  if (name === undefined) throw new UsageError(`There is no command.\n\n${require('./help').overview().trimEnd()}`)
  if (name === '--help' || name === '-h' || name === 'help') return { text: require('./help').overview(), code: 0 }
  if (name === '--version') return { text: `${require('../../package.json').version}\n`, code: 0 }
  if (!Object.hasOwn(commands, name)) throw new UsageError(`There is no such command. Use one of ${Object.keys(commands).join(', ')}`)
  const command = commands[name]
  const { own, child } = name === 'exec' ? parted(rest) : { own: rest, child: [] }
  const { values, positionals } = require('node:util').parseArgs({ args: own, options: command.options, allowPositionals: true })
  if (values.help) return { text: require('./help').helpOf(name), code: 0 }
  if (positionals.length > command.words) throw new UsageError(`${name} takes fewer words. See azure-client-token ${name} --help`)
  return result(name, values, [...positionals, ...child])
}

/**
 * Words after `--` belong to another program.
 * @param {string[]} words
 */
function parted(words) {
  const at = words.indexOf('--')
  return at < 0 ? { own: words, child: [] } : { own: words.slice(0, at), child: words.slice(at + 1) }
}

/**
 * @param {string} name
 * @param {import('./commands').Values} values
 * @param {string[]} words
 */
async function result(name, values, words) {
  const waiting = require('./progress-line')
  waiting.startWaiting()
  try {
    const text = await files[name]().main(values, words)
    return typeof text === 'string' ? { text, code: 0 } : text
  } finally {
    waiting.endWaiting()
  }
}

/** The line on the terminal is erased before the process ends. */
function endOnSignals() {
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      require('./progress-line').endWaiting()
      end(code)
    })
  }
}

module.exports = { run }
