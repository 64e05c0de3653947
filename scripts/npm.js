// @ts-check
'use strict'

/**
 * How to start npm: by the same Node.js and npm that runs us, where one does. On Windows the command is a batch file,
 * which Node.js starts only through a shell.
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

module.exports = { npmInvocation }
