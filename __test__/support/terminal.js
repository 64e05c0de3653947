// @ts-check
'use strict'

// A pseudo-terminal, by `script` of util-linux: what a program prints on one, and what it does with what is typed there. One that
// takes nothing, by a program in C.

const { execFileSync, spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

/** Why there is no pseudo-terminal here, for a test to print; or false. */
function terminalMissing() {
  if (process.platform !== 'linux') return 'script takes these options on Linux alone'
  return spawnSync('script', ['--version']).status !== 0 && 'needs script, of util-linux'
}

/**
 * @param {string[]} words the program, and its arguments
 * @param {object} [options]
 * @param {number} [options.columns]
 * @param {Record<string, string | undefined>} [options.environment]
 */
function startInTerminal(words, { columns = 80, environment: { PATH = process.env.PATH, ...environment } = {} } = {}) {
  const command = `stty cols ${columns} rows 40; PATH=${quoted(String(PATH))}; exec ${words.map(quoted).join(' ')}`
  const env = { PATH: process.env.PATH, TERM: 'xterm', SHELL: '/bin/sh', ...environment }
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], { env })
  let shown = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (shown += text))
  child.stdin.on('error', () => {})
  const ended = new Promise((resolve) => child.on('close', resolve))
  return {
    /** All that was written to the terminal. */
    shown: () => shown,
    /** @param {string} text */
    type: (text) => void child.stdin.write(text),
    /** @param {RegExp} pattern @param {number} [from] of what was shown */
    until: async (pattern, from = 0) => {
      for (let tries = 0; tries < 400 && !pattern.test(shown.slice(from)); tries += 1) await sleep(25)
      if (!pattern.test(shown.slice(from))) throw new Error(`${pattern} is not shown within ten seconds: ${JSON.stringify(shown)}`)
    },
    /** @returns {Promise<{ code: number, shown: string }>} */
    end: async () => ({ code: Number(await ended), shown }),
    kill: () => void child.kill(),
  }
}

/** Why no program can be made for a terminal that takes nothing, for a test to print; or false. */
function compilerMissing() {
  if (process.platform !== 'linux') return 'needs terminals as Linux has them'
  return spawnSync('cc', ['--version']).status !== 0 && 'there is no C compiler'
}

/**
 * Makes the program of on-tty.c: it starts another one on a terminal that takes nothing.
 * @param {string} folder where it is put, once
 */
function programOnTerminal(folder) {
  const program = path.join(folder, 'on-tty')
  if (!fs.existsSync(program)) execFileSync('cc', ['-o', program, path.join(__dirname, 'on-tty.c')])
  return program
}

/** @param {string} word */
function quoted(word) {
  return `'${word.replaceAll("'", "'\\''")}'`
}

module.exports = { compilerMissing, programOnTerminal, startInTerminal, terminalMissing }
