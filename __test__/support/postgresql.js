// @ts-check
'use strict'

// The machine's PostgreSQL on loopback, with TLS, which checks users' passwords with an LDAP server. Each start has new data.

const { execFile, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { promisify } = require('node:util')
const { freePort } = require('../../scripts/redis/server')
const { issueServerCertificate } = require('../../emulator/certificates')

const run = promisify(execFile)

/** The user `nobody` of Debian. The server refuses to run as root. */
const UNPRIVILEGED = 65534

/** The folder of each version on Debian and related systems. */
const VERSIONS = '/usr/lib/postgresql'

/** @returns {string | false} the reason to skip a test without PostgreSQL, or false */
function missingPostgresql() {
  return programs() === undefined && 'PostgreSQL is not installed: initdb and postgres are neither on PATH nor in /usr/lib/postgresql'
}

/** The folder of its programs. @returns {string | undefined} */
function programs() {
  const versions = fs.existsSync(VERSIONS) ? fs.readdirSync(VERSIONS).sort((one, other) => Number(other) - Number(one)) : []
  const folders = [...versions.map((version) => path.join(VERSIONS, version, 'bin')), ...(process.env.PATH ?? '').split(path.delimiter)]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => fs.existsSync(path.join(folder, name))))
}

/** The user that runs it. */
function owner() {
  return process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}
}

/**
 * @param {{ users: string[], ldapPort: number }} options
 * @returns {Promise<{ port: number, caCertificate: string, close: () => Promise<void> }>}
 */
async function startPostgresql({ users, ldapPort }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-postgresql-'))
  const { caCertificate, ...pair } = await issueServerCertificate()
  const port = await freePort()
  await prepare(folder, users)
  configure(folder, port, ldapPort, pair)
  const server = spawn(program('postgres'), ['-D', folder], { ...owner(), stdio: ['ignore', 'ignore', 'pipe'] })
  await ready(server)
  return { port, caCertificate, close: () => stopped(server, folder) }
}

/** @param {string} name */
function program(name) {
  return path.join(String(programs()), name)
}

/** @param {string} folder @param {string[]} users */
async function prepare(folder, users) {
  const { uid, gid } = owner()
  if (uid !== undefined && gid !== undefined) fs.chownSync(folder, uid, gid)
  await run(program('initdb'), ['-D', folder, '-U', 'owner', '--no-sync', '--no-locale', '-E', 'UTF8', '--auth=reject'], { ...owner(), cwd: folder })
  const single = run(program('postgres'), ['--single', '-D', folder, 'postgres'], { ...owner(), cwd: folder })
  single.child.stdin?.end(users.map((name) => `CREATE ROLE "${name}" LOGIN;\n`).join(''))
  await single
}

/**
 * @param {string} folder
 * @param {number} port
 * @param {number} ldapPort
 * @param {{ certificate: string, privateKey: string }} pair
 */
function configure(folder, port, ldapPort, { certificate, privateKey }) {
  const { uid, gid } = owner()
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 })
    if (uid !== undefined && gid !== undefined) fs.chownSync(path.join(folder, name), uid, gid)
  }
  write('server.crt', certificate)
  write('server.key', privateKey)
  write('pg_hba.conf', `hostssl all all 127.0.0.1/32 ldap ldapserver=127.0.0.1 ldapport=${ldapPort} ldapprefix="cn="\n`)
  fs.appendFileSync(path.join(folder, 'postgresql.conf'), [
    '', `port = ${port}`, "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", 'ssl = on', 'fsync = off', 'max_connections = 10', '',
  ].join('\n'))
}

/** @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} server */
async function ready(server) {
  let printed = ''
  server.stderr.setEncoding('utf8').on('data', (text) => { printed += text })
  for (let tries = 0; tries < 1200; tries += 1) {
    if (printed.includes('ready to accept connections')) return
    if (server.exitCode !== null) break
    await sleep(25)
  }
  throw new Error(`PostgreSQL did not start: ${printed}`)
}

/** @param {import('node:child_process').ChildProcess} server @param {string} folder */
async function stopped(server, folder) {
  if (server.exitCode === null) {
    // SIGQUIT shuts the server and its child processes down immediately.
    server.kill('SIGQUIT')
    await once(server, 'exit')
  }
  fs.rmSync(folder, { recursive: true, force: true })
}

module.exports = { missingPostgresql, startPostgresql }
