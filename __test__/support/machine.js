// @ts-check
'use strict'

// Real processes that share the tokens of one machine.

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { bareEnvironment } = require('./environment')
const { ended } = require('./run')

/** @typedef {import('./machine-process').Outcome} Outcome */

const PROCESS = path.join(__dirname, 'machine-process.js')

/**
 * A home with an empty store.
 * @param {{ after: (end: () => void) => void }} test
 * @param {(home: string) => void} [atEnd] runs before its removal
 */
function newHome(test, atEnd = () => {}) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'azure client token ü '))
  test.after(() => {
    atEnd(home)
    fs.rmSync(home, { recursive: true, force: true })
  })
  return home
}

/** The folder of that home's store. @param {string} home */
const storeOf = (home) => path.join(home, '.cache', 'azure-client-token', 'v1')

/**
 * Starts a process; `before` is a command that starts it.
 * @param {import('./machine-process').Job} job
 * @param {Record<string, string>} environment
 * @param {string[]} [before]
 */
function started(job, environment, before = []) {
  const [program, ...words] = [...before, process.execPath, PROCESS, JSON.stringify(job)]
  const child = spawn(program, words, { env: bareEnvironment(environment) })
  return { child, outcome: outcomeOf(child) }
}

/**
 * @param {import('node:child_process').ChildProcessWithoutNullStreams} child
 * @returns {Promise<Outcome & { stderr: string, signal: string | null }>}
 */
async function outcomeOf(child) {
  const { stdout, stderr, signal } = await ended(child)
  return { ...(stdout ? JSON.parse(stdout) : { error: 'killed' }), stderr, signal }
}

/** @type {(...process: Parameters<typeof started>) => Promise<Outcome & { stderr: string, signal: string | null }>} */
const inAProcess = (...process) => started(...process).outcome

/**
 * The bytes of all files in a folder.
 * @param {string} folder
 */
function contents(folder) {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name))
  return files.filter((file) => fs.statSync(file).isFile()).map((file) => ({ file, content: fs.readFileSync(file) }))
}

module.exports = { contents, inAProcess, newHome, started, storeOf }
