// @ts-check
'use strict'

// Prints one line on stderr while a token takes long, if stderr is a terminal.

const { hint } = require('./streams')

const ANY = 'a token'

/** The sources that may take long, by their names in the log. @type {Record<string, string>} */
const names = { 'Azure CLI': 'the Azure CLI', 'Azure Developer CLI': 'the Azure Developer CLI', 'Azure PowerShell': 'Azure PowerShell', 'managed identity': 'the managed identity' }

let awaited = ANY
let isShown = false
/** @type {NodeJS.Timeout | undefined} */
let timer

/** Whether stderr may be a terminal: it is neither a pipe nor a file. This check costs less than asking for a terminal. */
function mayBeWatched() {
  try {
    return require('node:fs').fstatSync(2).isCharacterDevice()
  } catch {
    return true
  }
}

/** Reads from the log which source the chain uses now. @param {import('../../index').LogEntry} entry */
function follow({ message }) {
  const source = /^(.+): is asked$/.exec(message)?.[1]
  if (source !== undefined) awaited = names[source] ?? ANY
}

function startWaiting() {
  if (!mayBeWatched()) return
  const start = Date.now()
  timer = setInterval(() => {
    if (!require('node:tty').isatty(2)) return clearInterval(timer)
    const seconds = Math.floor((Date.now() - start) / 1000)
    hint(`\r${process.env.TERM === 'dumb' ? '' : '\x1b[K'}waiting for ${awaited}, ${seconds} s …`)
    isShown = true
  }, 1000)
  timer.unref()
}

function endWaiting() {
  clearInterval(timer)
  clearLine()
}

/** A dumb terminal cannot erase a line, so the line ends there. */
function clearLine() {
  if (isShown) hint(process.env.TERM === 'dumb' ? '\n' : '\r\x1b[K')
  isShown = false
}

module.exports = { startWaiting, endWaiting, follow, mayBeWatched }
