// @ts-check
'use strict'

// From the words of the command line to a command's file, and from its outcome to the end of the process.

const { commands } = require('./commands')
const { keepDebuggerClosed } = require('./debugger')
const { UsageError, exitCodeOf, failureOf, textOf } = require('./failure')
const { end, tell, writeAndEnd } = require('./streams')

/** The exit codes of signals: 128 and the signal's number. */
const signals = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143 })

/** One file a command. @type {Record<string, () => { main: (values: any, words: string[]) => string | Result | Promise<string | Result> }>} */
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
  const { text, code } = await outcome(words).catch((error) => told(error, words))
  await writeAndEnd(text, code)
}

/**
 * @param {unknown} error
 * @param {string[]} words
 * @returns {Result}
 */
function told(error, words) {
  const failure = failureOf(error)
  tell(textOf(failure, parted(words).own.includes('--json')))
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
 * What stands behind `--` is another program's.
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

/** The line on the terminal goes before the process does. */
function endOnSignals() {
  for (const [signal, code] of Object.entries(signals)) {
    process.on(signal, () => {
      require('./progress-line').endWaiting()
      end(code)
    })
  }
}

module.exports = { run }
