// @ts-check
'use strict'

const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { bareEnvironment } = require('./environment')
const { ended, root } = require('./run')

/** The three programs, by the names under which npm installs them. */
const programs = /** @type {Record<string, string>} */ (require('../../package.json').bin)

/**
 * Runs one of the package's programs without this machine's logins, and without the machine's store unless `environment` enables it.
 * @param {string[]} words
 * @param {object} [options]
 * @param {string} [options.program]
 * @param {Record<string, string>} [options.environment]
 * @param {string} [options.input] the content of stdin
 * @param {string} [options.cwd]
 * @param {string[]} [options.before] a command that starts it
 */
function runCommand(words, { program = 'azure-client-token', environment, input = '', cwd, before = [] } = {}) {
  const [file, ...rest] = [...before, process.execPath, fileOf(program), ...words]
  const child = spawn(file, rest, { cwd, env: bareEnvironment({ HOME: '/nonexistent', AZURE_CLIENT_TOKEN_CACHE: 'off', ...environment }) })
  child.stdin.on('error', () => {}).end(input)
  return ended(child)
}

/** @param {string} program */
function fileOf(program) {
  return path.join(root, programs[program])
}

/** A folder with the programs as npm installs them, for the front of PATH. */
function installedPrograms() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'command-'))
  for (const name of Object.keys(programs)) fs.symlinkSync(fileOf(name), path.join(folder, name))
  return { folder, searchPath: [folder, path.dirname(process.execPath), process.env.PATH].join(path.delimiter), remove: () => fs.rmSync(folder, { recursive: true }) }
}

module.exports = { runCommand, fileOf, installedPrograms }
