// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')
const path = require('node:path')

/**
 * Returns how to start npm: with the Node.js and npm that run this program, if npm does. On Windows the command is a batch
 * file, which Node.js starts only through a shell.
 * @param {string[]} parameters
 * @returns {{ command: string, parameters: string[], shell: boolean }}
 */
function npmInvocation(parameters) {
  const running = process.env.npm_execpath
  if (running?.endsWith('npm-cli.js')) {
    return { command: process.execPath, parameters: [running, ...parameters], shell: false }
  }
  return { command: 'npm', parameters, shell: process.platform === 'win32' }
}

/**
 * Returns npm's output.
 * @param {string[]} parameters
 * @param {string} cwd
 */
function npmOutput(parameters, cwd) {
  const { command, parameters: all, shell } = npmInvocation(parameters)
  return execFileSync(command, all, { cwd, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

/**
 * Packs a folder.
 * @param {string} folder
 * @param {string} out
 * @returns {string} the tarball's path
 */
function npmPack(folder, out) {
  const [{ filename }] = JSON.parse(npmOutput(['pack', '--json', '--ignore-scripts', '--pack-destination', out], folder))
  return path.join(out, filename)
}

module.exports = { npmInvocation, npmOutput, npmPack }
