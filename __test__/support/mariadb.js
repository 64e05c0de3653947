// @ts-check
'use strict'

// A real MariaDB on loopback, with TLS: Debian's, unpacked into .cache. It accepts a password in clear text (the plug-in
// mysql_clear_password) and checks it with PAM, with a module that asks an LDAP server, which verifies tokens. Each start has new data.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { issueServerCertificate } = require('../../emulator/certificates')
const { debianRoot } = require('../../scripts/cross/debian')
const pins = require('../../scripts/cross/pins.json')
const { freePort } = require('../../scripts/redis/server')
const { startProgram, temporaryFolder } = require('./client-servers')
const { namespaceMissing } = require('./namespace')

const run = promisify(execFile)
const cache = path.join(__dirname, '..', '..', '.cache', 'mariadb')
const NEEDED = ['apt-get', 'dpkg-deb', 'cc', 'unshare']

/** PAM reads its services from /etc/pam.d: in a separate namespace, the server sees its own folder there. */
const NAMESPACE = ['--map-root-user', '--mount']

/** @returns {string | false} the reason to skip a test without MariaDB, or false */
function missingMariadb() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Debian\'s MariaDB is taken for x64 Linux only'
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const missing = NEEDED.filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))))
  if (missing.length > 0) return `not on PATH: ${missing.join(', ')}; MariaDB is fetched from Debian, and its module of PAM compiled here`
  return namespaceMissing()
}

/**
 * @param {{ user: string, ldapPort: number }} options
 * @returns {Promise<import('./client-servers').Started>}
 */
async function startMariadb({ user, ldapPort }) {
  const root = debianRoot(cache, pins.mariadb)
  const folder = temporaryFolder('mariadb')
  const { caCertificate, ...pair } = await issueServerCertificate()
  const services = await judgedBy(folder, root, ldapPort)
  const port = await freePort()
  const common = [path.join(root, 'usr', 'sbin', 'mariadbd'), ...settings(folder, root)]
  const environment = ['env', `LD_LIBRARY_PATH=${libraries(root).join(':')}`]
  await prepared(environment.concat(common), root)
  const server = [...common, ...listening(folder, port, user, pair)]
  const inNamespace = ['sh', '-c', 'mount --bind "$0" /etc/pam.d && exec "$@"', services, ...environment, ...server]
  const close = await startProgram('unshare', [...NAMESPACE, ...inNamespace], folder, port)
  return { port, caCertificate, close }
}

/** @param {string} root */
function libraries(root) {
  return ['usr/lib', 'lib'].map((place) => path.join(root, place, 'x86_64-linux-gnu'))
}

/**
 * Writes the folder of PAM's services, with the service that asks the LDAP server.
 * @param {string} folder
 * @param {string} root
 * @param {number} ldapPort
 */
async function judgedBy(folder, root, ldapPort) {
  const module = path.join(folder, 'pam-ldap-bind.so')
  const places = libraries(root).map((place) => `-L${place}`)
  await run('cc', ['-shared', '-fPIC', '-Wall', '-Werror', '-o', module, path.join(__dirname, 'pam-ldap-bind.c'), ...places, '-l:libpam.so.0'])
  const services = path.join(folder, 'pam.d')
  fs.mkdirSync(services)
  fs.writeFileSync(path.join(services, 'tokens'), ['auth', 'account'].map((kind) => `${kind} required ${module} ${ldapPort}\n`).join(''))
  return services
}

/** @param {string} folder @param {string} root */
function settings(folder, root) {
  const data = path.join(folder, 'data')
  fs.mkdirSync(data, { recursive: true })
  return ['--no-defaults', '--user=root', `--datadir=${data}`, `--lc-messages-dir=${path.join(root, 'usr', 'share', 'mysql', 'english')}`, '--skip-innodb', '--default-storage-engine=Aria']
}

/**
 * @param {string} folder
 * @param {number} port
 * @param {string} user
 * @param {{ certificate: string, privateKey: string }} pair
 */
function listening(folder, port, user, { certificate, privateKey }) {
  const write = (/** @type {string} */ name, /** @type {string} */ text) => {
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 })
    return path.join(folder, name)
  }
  const users = `create user '${user}'@'localhost' identified via pam using 'tokens' require ssl;\n`
  return [
    `--plugin-dir=${path.join(cache, 'usr', 'lib', 'mysql', 'plugin')}`, '--plugin-load-add=auth_pam_v1.so', '--pam-use-cleartext-plugin=ON',
    `--ssl-cert=${write('cert.pem', certificate)}`, `--ssl-key=${write('key.pem', privateKey)}`, `--init-file=${write('users.sql', users)}`,
    '--bind-address=127.0.0.1', `--port=${port}`, `--socket=${path.join(folder, 'socket')}`, `--pid-file=${path.join(folder, 'pid')}`,
  ]
}

/** Creates the server's system tables. @param {string[]} command @param {string} root */
async function prepared([program, ...parameters], root) {
  const tables = fs.readFileSync(path.join(root, 'usr', 'share', 'mysql', 'mysql_system_tables.sql'))
  const made = run(program, [...parameters, '--bootstrap'])
  made.child.stdin?.end(`create database mysql;\nuse mysql;\n${tables}`)
  await made
}

module.exports = { missingMariadb, startMariadb }
