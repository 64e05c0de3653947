// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const { runProcess } = require('../measure/process')
const { Skip } = require('../runner')

/** @typedef {import('../types').Stage} Stage */
/** @typedef {import('../types').Subject} Subject */

// The files in which Linux distributions keep the certificates that they trust.
const SYSTEM_STORES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem']
/** @type {Subject} */
const NODE = { name: 'node -e 0', peer: 'node' }
const TIMEOUT = 60_000

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'beside-curl',
  title: 'one token, by curl as a whole process and by ours over node -e 0',
  rounds: [15, 2],
  emulator: {},
  subjects: [
    { name: 'curl', peer: 'curl' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'one', label: 'with one root', unit: 'ms', headline: true },
    { key: 'system', label: 'with the system’s roots', unit: 'ms', headline: true },
  ],

  prepare({ folder, emulator, memory }) {
    const store = SYSTEM_STORES.find((file) => existsSync(file))
    if (!store) throw new Skip('this system has no file of trusted certificates')
    memory.curl = version('curl')
    memory.one = emulator.caFile
    memory.system = join(folder, 'roots.pem')
    memory.form = join(folder, 'form.txt')
    writeFileSync(memory.system, `${readFileSync(store, 'utf8')}\n${readFileSync(emulator.caFile, 'utf8')}`)
    writeFileSync(memory.form, form(emulator))
  },

  async measure(stage, subject) {
    const wall = subject.peer === 'curl' ? byCurl : byUs
    return { one: await wall(stage, subject, stage.memory.one), system: await wall(stage, subject, stage.memory.system) }
  },

  targets: [
    { text: 'no slower than curl, with one root', met: (median) => median('ours', 'one') <= median('curl', 'one') },
    { text: 'half of curl’s time, with the system’s roots', met: (median) => median('ours', 'system') <= median('curl', 'system') / 2 },
  ],
  note: 'curl sends the same request to the same service; SSL_CERT_FILE names the roots, which Node.js itself does not read',
}

/** @param {string} command */
function version(command) {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0]
  } catch {
    throw new Skip(`${command} is not installed`)
  }
}

/** @param {import('../types').Emulator} emulator */
function form({ clientId, clientSecret }) {
  const scope = 'https://management.azure.com/.default'
  return new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope }).toString()
}

/**
 * @param {Stage} stage
 * @param {Subject} _
 * @param {string} roots
 */
async function byCurl({ emulator, environment, memory }, _, roots) {
  const url = `${emulator.authorityHost}${emulator.tenantId}/oauth2/v2.0/token`
  const command = ['curl', '--silent', '--show-error', '--fail', '--cacert', roots, '--data', `@${memory.form}`, url]
  const { wall } = await runProcess(command, { environment, timeout: TIMEOUT })
  return wall
}

/**
 * @param {Stage} stage
 * @param {Subject} subject
 * @param {string} roots
 */
async function byUs({ run }, subject, roots) {
  const overrides = { environment: { NODE_EXTRA_CA_CERTS: undefined, SSL_CERT_FILE: roots } }
  const { wall: nothing } = await run('one-token', NODE, {}, overrides)
  const { wall } = await run('one-token', subject, {}, overrides)
  return wall - nothing
}
