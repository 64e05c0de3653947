// @ts-check
'use strict'

const { execFile, execFileSync } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')

const ROOT = path.join(__dirname, '..', '..')
const TIME_LIMIT = 60_000
const IMDS_ADDRESS = '169.254.169.254'

/**
 * A network of its own in which the address of IMDS is this machine's loopback: nothing in it reaches anything else.
 * @returns {{ run: (script: string, environment?: Record<string, string>) => Promise<string>, remove: () => void } | undefined}
 *   undefined where this is not permitted
 */
function createNetworkNamespace() {
  const name = `emulator-${process.pid}`
  const ip = (/** @type {string} */ command) => execFileSync('ip', command.split(' '), { stdio: 'pipe' })
  const remove = () => void ip(`netns del ${name}`)
  try {
    ip(`netns add ${name}`)
  } catch {
    return undefined
  }
  try {
    ip(`-n ${name} link set lo up`)
    ip(`-n ${name} addr add ${IMDS_ADDRESS}/32 dev lo`)
  } catch (error) {
    remove()
    throw error
  }
  return { run: (script, environment = {}) => runIn(name, script, environment), remove }
}

/**
 * @param {string} namespace
 * @param {string} script
 * @param {Record<string, string>} environment
 */
async function runIn(namespace, script, environment) {
  const { stdout } = await promisify(execFile)('ip', ['netns', 'exec', namespace, process.execPath, '-e', script], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...environment },
    timeout: TIME_LIMIT
  })
  return stdout
}

module.exports = { IMDS_ADDRESS, createNetworkNamespace }
