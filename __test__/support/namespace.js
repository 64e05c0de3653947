// @ts-check
'use strict'

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { root } = require('./run')

/**
 * A network of its own, in which only loopback is up: what runs in it can reach nothing outside, whatever it asks for.
 * `hosts` names are loopback addresses there, `addresses` are this machine.
 *
 * Needs Linux, `unshare`, `ip` and the right to open namespaces: see {@link namespaceMissing}.
 * @param {string} script run by Node.js, with `require` relative to the package's root
 * @param {{ environment?: Record<string, string>, hosts?: string[], addresses?: string[], shell?: string }} [options]
 * `shell` is run before, in the namespace
 */
function runInNamespace(script, { environment = {}, hosts = [], addresses = [], shell = ':' } = {}) {
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
  const { status, stdout, stderr, error } = spawnSync('unshare', command, {
    cwd: root,
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
    timeout: 120_000,
  })
  fs.rmSync(folder, { recursive: true, force: true })
  if (error) throw error
  return { code: status, stdout, stderr }
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

module.exports = { runInNamespace, namespaceMissing }
