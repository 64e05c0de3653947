// @ts-check
'use strict'

// The common parts of the sessions of real programs: the identity service, a service under its real name on loopback, this package's
// programs under their installed names with a record of each call, and the polling of all command lines. support/namespace runs a session
// in a separate network namespace.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { startEmulator } = require('../../../emulator')
const { issueServerCertificate } = require('../../../emulator/certificates')
const { forgetStore } = require('../../support/keyring')
const { ended } = require('../../support/run')
const { installRecorded } = require('../recorded-programs')
const { watchCommandLines } = require('../command-lines')

/**
 * @typedef {{ code: number | null, stdout: string, stderr: string, calls: import('../recorded-programs').Call[] }} Outcome
 * @typedef {object} Run
 * @property {Record<string, string | undefined>} [environment] a variable without a value is removed
 * @property {string} [input]
 * @property {string} [cwd]
 *
 * @typedef {object} World
 * @property {import('../../../emulator').Emulator} emulator
 * @property {string} folder the home of the user
 * @property {string} caFile the certificates to trust
 * @property {(words: string[], options?: Run) => Promise<Outcome>} run runs a program, and returns the calls of this package's programs
 *
 * @typedef {(request: import('node:http').IncomingMessage, body: Buffer, response: import('node:http').ServerResponse) => unknown} Respond
 */

/**
 * Prints the session's result, and the command lines that were seen.
 * @param {string[]} names of the services
 * @param {(emulator: import('../../../emulator').Emulator) => Promise<Respond>} service
 * @param {(world: World) => Promise<object>} session
 */
async function play(names, service, session) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'session-'))
  const emulator = await startEmulator()
  const server = await startService(names, await service(emulator), path.join(folder, 'ca.pem'), emulator.caCertificate)
  const lines = watchCommandLines()
  try {
    const report = await session(worldOf(emulator, folder))
    console.log(JSON.stringify({ ...report, tenantId: emulator.tenantId, commandLines: lines.end() }))
  } finally {
    lines.end()
    server.close()
    server.closeAllConnections()
    await emulator.close()
    forgetStore(folder)
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string[]} names
 * @param {Respond} respond
 * @param {string} caFile written here: the authorities of this service and of the identity service
 * @param {string} others
 */
async function startService(names, respond, caFile, others) {
  const { caCertificate, certificate, privateKey } = await issueServerCertificate(names)
  fs.writeFileSync(caFile, `${caCertificate}\n${others}`)
  const server = https.createServer({ cert: certificate, key: privateKey }, async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    await respond(request, Buffer.concat(parts), response)
  })
  await once(server.listen(443, '127.0.0.1'), 'listening')
  return server
}

/**
 * @param {import('../../../emulator').Emulator} emulator
 * @param {string} folder
 * @returns {World}
 */
function worldOf(emulator, folder) {
  const caFile = path.join(folder, 'ca.pem')
  const programs = installRecorded(folder)
  const environment = { ...emulator.environment(), NODE_EXTRA_CA_CERTS: caFile, HOME: folder, PATH: `${programs.bin}:${process.env.PATH}` }
  /** @param {string[]} words @param {Run} [options] */
  const run = async ([program, ...rest], { environment: own, input = '', cwd = folder } = {}) => {
    const child = spawn(program, rest, { cwd, env: { ...environment, ...own } })
    child.stdin.on('error', () => {}).end(input)
    const { code, stdout, stderr } = await ended(child)
    return { code, stdout, stderr, calls: programs.taken() }
  }
  return { emulator, folder, caFile, run }
}

module.exports = { play }
