// @ts-check
'use strict'

// A pseudo-terminal, with `script` of util-linux: a program's output on it, and its reaction to typed text. A program in C creates a
// terminal that accepts no output.

const { execFileSync, spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

/** The reason to skip a test without a pseudo-terminal, or false. */
function terminalMissing() {
  if (process.platform !== 'linux') return 'script takes these options on Linux alone'
  return spawnSync('script', ['--version']).status !== 0 && 'needs the program script of util-linux'
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
    /** All output on the terminal. */
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

/** The reason to skip a test without a C compiler, or false. */
function compilerMissing() {
  if (process.platform !== 'linux') return 'needs Linux: its terminals'
  return spawnSync('cc', ['--version']).status !== 0 && 'cc is not installed'
}

/**
 * Compiles on-tty.c, which starts another program on a terminal that accepts no output.
 * @param {string} folder for the compiled program
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
