// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')

const { Skip } = require('./runner')

/**
 * A command prefix that runs a command with its own network, in which 169.254.169.254 is on loopback and refuses every connection: the
 * command cannot reach a real metadata service, not even on a virtual machine in Azure.
 *
 * @returns {string[]}
 */
function ownNetwork() {
  const script = 'ip link set lo up && ip addr add 169.254.169.254/32 dev lo && exec "$@"'
  return tested(['unshare', '--map-root-user', '--net', 'sh', '-c', script, 'sh'])
}

/**
 * A command prefix that runs a command with another file mounted over a file of the system.
 *
 * @param {string} source
 * @param {string} target
 * @returns {string[]}
 */
function withFile(source, target) {
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
  return tested(['unshare', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', source, target])
}

/** @param {string[]} prefix */
function tested(prefix) {
  try {
    execFileSync(prefix[0], [...prefix.slice(1), 'true'], { stdio: 'ignore' })
    return prefix
  } catch {
    throw new Skip('needs Linux with unshare, ip and the right to create namespaces')
  }
}

module.exports = { ownNetwork, withFile }
