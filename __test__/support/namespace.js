// @ts-check
'use strict'

const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { ended, root } = require('./run')

/** Where Azure's machines find their instance metadata service. */
const IMDS_ADDRESS = '169.254.169.254'
const TIME_LIMIT = 120_000

/**
 * A network and mounts of its own, in which only loopback is up: what runs there can reach nothing outside, whatever it
 * asks for, and lays whatever over its files.
 *
 * Needs Linux, `unshare`, `ip` and the right to open namespaces: see {@link namespaceMissing}.
 * @param {string} script run by Node.js, with `require` relative to the package's root
 * @param {object} [options]
 * @param {Record<string, string>} [options.environment]
 * @param {string[]} [options.hosts] names that are this machine there
 * @param {string[]} [options.addresses] that are this machine there
 * @param {string} [options.shell] what to do before, in there
 * @param {number} [options.timeLimit] milliseconds
 */
async function runInNamespace(script, { environment = {}, hosts = [], addresses = [], shell = ':', timeLimit = TIME_LIMIT } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'namespace-'))
  const hostsFile = path.join(folder, 'hosts')
  fs.writeFileSync(hostsFile, ['localhost', ...hosts].map((name) => `127.0.0.1 ${name}\n`).join(''))
  const prepared = [
    'ip link set lo up',
    ...addresses.map((address) => `ip addr add ${address}/32 dev lo`),
    `mount --bind ${hostsFile} /etc/hosts`,
    shell,
    'exec "$@"',
  ].join(' && ')
  const command = ['--net', '--mount', ...asRoot(), 'sh', '-c', prepared, 'sh', process.execPath, '-e', script]
  const child = spawn('unshare', command, { cwd: root, env: { PATH: process.env.PATH, ...environment }, timeout: timeLimit })
  try {
    return await ended(child)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function asRoot() {
  return process.getuid?.() === 0 ? [] : ['--map-root-user']
}

/** Why there can be no namespace here, for a test to print; or false. */
function namespaceMissing() {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  const tried = spawnSync('unshare', ['--net', '--mount', ...asRoot(), 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' })
  if (tried.status === 0) return false
  return `needs unshare, ip and the right to open namespaces (${(tried.error?.message ?? tried.stderr).trim()})`
}

module.exports = { IMDS_ADDRESS, runInNamespace, namespaceMissing }
