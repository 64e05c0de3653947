// @ts-check
'use strict'

// One line on stderr while a token takes long, on a terminal only.

const { tell } = require('./streams')

const ANY = 'a token'

/** What takes long, by its name in the log. @type {Record<string, string>} */
const names = { 'Azure CLI': 'the Azure CLI', 'Azure Developer CLI': 'the Azure Developer CLI', 'Azure PowerShell': 'Azure PowerShell', 'managed identity': 'the managed identity' }

let awaited = ANY
let isShown = false

/**
 * Whether stderr may be a terminal, and is no pipe and no file. Whether it is one `process.stderr` knows; but to make that takes
 * milliseconds, and most commands end before the first line.
 */
function mayBeWatched() {
  try {
    return require('node:fs').fstatSync(2).isCharacterDevice()
  } catch {
    return true
  }
}

/** Which source is asked now, as the log says. @param {import('../../index').LogEntry} entry */
function follow({ message }) {
  const source = /^(.+): is asked$/.exec(message)?.[1]
  if (source !== undefined) awaited = names[source] ?? ANY
}

function startWaiting() {
  if (!mayBeWatched()) return { end() {} }
  const start = Date.now()
  const timer = setInterval(() => {
    if (!process.stderr.isTTY) return clearInterval(timer)
    const seconds = Math.floor((Date.now() - start) / 1000)
    tell(`\r${process.env.TERM === 'dumb' ? '' : '\x1b[K'}waiting for ${awaited}, ${seconds} s …`)
    isShown = true
  }, 1000)
  timer.unref()
  return {
    end() {
      clearInterval(timer)
      clearLine()
    },
  }
}

/** A dumb terminal cannot erase: there the line ends. */
function clearLine() {
  if (isShown) tell(process.env.TERM === 'dumb' ? '\n' : '\r\x1b[K')
  isShown = false
}

module.exports = { startWaiting, clearLine, follow, mayBeWatched }
