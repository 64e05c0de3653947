// @ts-check
'use strict'

const { execFile } = require('node:child_process')
const { promisify } = require('node:util')

const ARGUMENTS = ['account', 'get-access-token', '-o', 'json', '--resource', 'https://management.azure.com/']

/** @type {import('../types').Peer} */
module.exports = {
  /** The tool itself. */
  openCli() {
    /** @type {Promise<unknown> | undefined} */
    let started
    return { token: () => (started ??= promisify(execFile)('az', ARGUMENTS)) }
  },
}
