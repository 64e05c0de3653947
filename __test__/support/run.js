// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const path = require('node:path')
const { bareEnvironment } = require('./environment')

const root = path.join(__dirname, '..', '..')

/**
 * Runs a script in a separate Node.js, with `require` relative to the package's root, without this machine's logins; `act` may control the
 * running process.
 * @param {string} script
 * @param {{ environment?: Record<string, string>, flags?: string[], scriptArguments?: string[], act?: (child: import('node:child_process').ChildProcess) => void }} [options]
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string }>}
 */
function run(script, { environment, flags = [], scriptArguments = [], act } = {}) {
  const child = spawn(process.execPath, [...flags, '-e', script, '--', ...scriptArguments], { cwd: root, env: bareEnvironment(environment) })
  act?.(child)
  return ended(child)
}

/**
 * The end of a process, and what it printed.
 * @param {import('node:child_process').ChildProcessWithoutNullStreams} child
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string }>}
 */
function ended(child) {
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, ...output }))
  })
}

/**
 * The same for a script that must succeed: returns its output.
 * @param {string} script
 * @param {Record<string, string>} environment
 * @param {string[]} [scriptArguments]
 */
async function runNode(script, environment, scriptArguments = []) {
  const { code, stdout, stderr } = await run(script, { environment, scriptArguments })
  assert.equal(code, 0, stderr)
  return stdout
}

module.exports = { run, runNode, ended, root }
