// @ts-check
'use strict'

const { execFile } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')

const ROOT = path.join(__dirname, '..', '..')
const TIME_LIMIT = 60_000

/**
 * Runs a script in a fresh Node.js that sees nothing of this process's environment but PATH: certificate variables
 * are read once, when a process starts.
 * @param {string} script
 * @param {Record<string, string>} environment
 * @param {string[]} [scriptArguments]
 * @returns {Promise<string>} what it printed
 */
async function runNode(script, environment, scriptArguments = []) {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, '--', ...scriptArguments], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...environment },
    timeout: TIME_LIMIT
  })
  return stdout
}

module.exports = { runNode }
