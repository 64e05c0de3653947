// @ts-check
'use strict'

const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { ended, root } = require('./run')

/** The address of the instance metadata service on Azure's virtual machines. */
const IMDS_ADDRESS = '169.254.169.254'
const TIME_LIMIT = 120_000

/**
 * Runs a script with its own network, in which only loopback is up, and with its own mounts: it cannot reach anything outside, and can
 * mount over any files.
 *
 * Needs Linux, `unshare`, `ip` and the right to create namespaces: see {@link namespaceMissing}.
 * @param {string} script for Node.js, with `require` relative to the package's root
 * @param {object} [options]
 * @param {Record<string, string>} [options.environment]
 * @param {string[]} [options.hosts] names that resolve to loopback there
 * @param {string[]} [options.addresses] additional addresses of loopback there
 * @param {string} [options.shell] commands that run before it, in the namespace
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

/** The reason to skip a test without namespaces, or false. */
function namespaceMissing() {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux'
  const tried = spawnSync('unshare', ['--net', '--mount', ...asRoot(), 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' })
  if (tried.status === 0) return false
  return `needs unshare, ip and the right to create namespaces (${(tried.error?.message ?? tried.stderr).trim()})`
}

module.exports = { IMDS_ADDRESS, runInNamespace, namespaceMissing }
