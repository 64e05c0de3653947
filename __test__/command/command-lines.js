// @ts-check
'use strict'

// Polls the command lines of all processes of the machine.

const fs = require('node:fs')

/** Milliseconds between two polls. */
const PAUSE = 10

function watchCommandLines() {
  /** @type {Set<string>} */
  const seen = new Set()
  const timer = setInterval(() => look(seen), PAUSE).unref()
  return {
    end() {
      clearInterval(timer)
      return [...seen]
    },
  }
}

/** @param {Set<string>} seen */
function look(seen) {
  for (const name of fs.readdirSync('/proc')) if (/^\d+$/.test(name)) seen.add(commandLine(name))
}

/** @param {string} process */
function commandLine(process) {
  try {
    return fs.readFileSync(`/proc/${process}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    // The process has ended.
    return ''
  }
}

module.exports = { watchCommandLines }
