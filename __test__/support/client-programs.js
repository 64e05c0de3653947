// @ts-check
'use strict'

// Runs programs of examples/clients as a user does: with their client installed, and with the login of the emulator in
// their environment.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { bareEnvironment } = require('./environment')
const { installPinned } = require('./pinned')

const run = promisify(execFile)
const root = path.join(__dirname, '..', '..')
const examples = path.join(root, 'examples', 'clients')
const guard = path.join(__dirname, 'loopback-names.js')

/**
 * @typedef {object} Surroundings
 * @property {import('../../emulator').Emulator} emulator
 * @property {Record<string, { port: number, caCertificate: string }>} [services] by the host name that they have
 * @property {string[]} [authorities] certificates that it trusts besides those of the services, PEM
 * @property {Record<string, string>} [environment] of the program besides the login
 * @property {string} [node] the Node.js that runs it; default: this one
 * @property {string} [standIn] a file that it loads first
 */

/**
 * Copies the examples, or other programs, into the folder in which their clients are installed.
 * @param {'light' | 'all' | 'azure'} packages a folder of __test__/client-packages
 * @param {string} [programs] their folder
 */
async function installedExamples(packages, programs = examples) {
  const installed = await installPinned(`client-packages/${packages}`)
  const folder = fs.mkdtempSync(path.join(installed, 'examples-'))
  fs.cpSync(programs, folder, { recursive: true })
  fs.mkdirSync(path.join(folder, 'node_modules'))
  fs.symlinkSync(root, path.join(folder, 'node_modules', 'azure-client-token'), 'junction')
  return {
    folder,
    /** @param {string} name @param {Surroundings} surroundings */
    run: (name, surroundings) => runProgram(path.join(folder, name), surroundings),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  }
}

/**
 * The program's output, by lines. Rejects if the program fails.
 * @param {string} file
 * @param {Surroundings} surroundings
 */
async function runProgram(file, { emulator, services = {}, authorities = [], environment = {}, node = process.execPath, standIn = guard }) {
  const ports = Object.entries(services).map(([host, { port }]) => [host, port])
  const env = bareEnvironment({
    ...emulator.environment(),
    NODE_EXTRA_CA_CERTS: trusted(path.dirname(file), [emulator, ...Object.values(services)].map(({ caCertificate }) => caCertificate).concat(authorities)),
    STAND_INS: JSON.stringify(Object.fromEntries(ports)),
    ...environment,
  })
  const { stdout } = await run(node, ['--require', guard, '--require', standIn, file], { env, timeout: 60_000 })
  return stdout.trimEnd().split('\n')
}

/** Writes one file with all these authorities. @param {string} folder @param {string[]} authorities */
function trusted(folder, authorities) {
  const place = path.join(fs.mkdtempSync(path.join(folder, 'trusted-')), 'ca.pem')
  fs.writeFileSync(place, authorities.join('\n'))
  return place
}

module.exports = { installedExamples }
