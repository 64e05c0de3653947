// @ts-check
'use strict'

// Runs what `npm run build:all` has built: packs it, installs the packages as npm does on that platform, and has a real
// Node.js of the platform get tokens from the local identity service. Prints which platforms it leaves out, and why.
//
//   node scripts/test-platforms.js [--addons DIR] [PLATFORM…]

const { execFileSync, spawn } = require('node:child_process')
const assert = require('node:assert/strict')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { startEmulator } = require('../emulator')
const { runtimeFor } = require('./cross/nodes')
const { noteRun } = require('./cross/report')
const { crossTargets } = require('./cross/targets')
const { npmInvocation } = require('./npm')
const { pack } = require('./pack')

const root = path.join(__dirname, '..')
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-platforms-'))
/** Where `npm run build:all` puts addons, and its report of them. */
const BUILT = path.join(root, 'dist', 'addons')
/** An emulated processor is slow. */
const PATIENCE = 180_000

async function main() {
  const { values, positionals } = parseArgs({ options: { addons: { type: 'string', default: BUILT } }, allowPositionals: true })
  const addons = path.resolve(String(values.addons))
  const tarballs = pack({ out: path.join(work, 'tarballs'), addons })
  const emulator = await startEmulator()
  try {
    for (const { addon } of crossTargets.filter(({ addon }) => positionals.length === 0 || positionals.includes(addon))) {
      console.log(`${addon}: ${await outcome(addon, addons, tarballs, emulator)}`)
    }
  } finally {
    await emulator.close()
    fs.rmSync(work, { recursive: true, force: true })
  }
}

/**
 * @typedef {Awaited<ReturnType<typeof startEmulator>>} Emulator
 * @typedef {ReturnType<typeof pack>} Tarballs
 */

/**
 * @param {string} addon
 * @param {string} addons the folder that it comes from
 * @param {Tarballs} tarballs
 * @param {Emulator} emulator
 */
async function outcome(addon, addons, { main: mainPackage, platforms }, emulator) {
  const tarball = platforms[addon]
  if (!tarball) return 'left out: not built here'
  const runtime = runtimeFor(addon)
  const missing = runtime ? runtime.missing() : 'no Node.js of that platform runs here'
  if (!runtime || missing) return `left out: ${missing}`
  try {
    const node = await trial(addon, runtime.prepare(), installed(addon, [mainPackage, tarball], emulator), emulator)
    const seen = [node, runtime.how].filter(Boolean).join(' ')
    if (addons === BUILT) noteRun(addon, seen)
    return `passed on ${seen}`
  } catch (error) {
    process.exitCode = 1
    return `FAILED: ${error instanceof Error ? error.message : error}`
  }
}

/**
 * A project with the packages and the certificate of the identity service: the program in it may see no other folder.
 * @param {string} addon
 * @param {string[]} tarballs
 * @param {Emulator} emulator
 */
function installed(addon, tarballs, emulator) {
  const folder = path.join(work, addon)
  const [system, processor, library] = addon.split('-')
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "name": "consumer", "private": true }')
  const libc = library === 'musl' ? ['--libc', 'musl'] : []
  // Forced, because npm uses the other settings for packages that it selects, and not for packages in its arguments.
  const words = ['install', '--force', '--offline', '--cache', path.join(work, '.npm'), '--os', system, '--cpu', processor, ...libc, ...tarballs]
  const { command, parameters, shell } = npmInvocation(words)
  execFileSync(command, parameters, { cwd: folder, shell, stdio: 'ignore' })
  fs.copyFileSync(path.join(__dirname, 'cross', 'platform-check.cjs'), path.join(folder, 'platform-check.cjs'))
  fs.copyFileSync(emulator.caFile, path.join(folder, 'ca.pem'))
  return folder
}

/**
 * @param {string} addon
 * @param {import('./cross/nodes').Starter} starter
 * @param {string} folder
 * @param {Emulator} emulator
 * @returns {Promise<string>} the runtime that passed
 */
async function trial(addon, starter, folder, emulator) {
  const { node, ...seen } = await ran(starter, folder, emulator)
  const [platform, arch] = addon.split('-')
  const token = { aud: 'https://management.azure.com/', appid: emulator.clientId, tokenType: 'Bearer' }
  const expected = { platform, arch, token, error: { code: 'ERR_AUTHENTICATION', isOurs: true }, worker: token }
  assert.deepEqual(seen, platform === 'win32' ? { ...expected, kept: 'service' } : expected)
  if (platform === 'win32') assert.equal((await ran(starter, folder, emulator)).kept, 'machine', 'another process takes the token that was kept')
  return node
}

/**
 * Runs one process and returns its results.
 * @param {import('./cross/nodes').Starter} starter
 * @param {string} folder
 * @param {Emulator} emulator
 */
async function ran(starter, folder, emulator) {
  const file = path.join(folder, 'seen.json')
  const environment = { ...emulator.environment(), PATH: String(process.env.PATH), NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem') }
  const start = starter({ folder, parameters: [path.join(folder, 'platform-check.cjs'), file], environment })
  // A file, because Node.js under Wine cannot write to a pipe.
  const printed = path.join(folder, 'printed.txt')
  const output = fs.openSync(printed, 'w')
  const child = spawn(start.command, start.parameters, { env: start.env, cwd: folder, timeout: PATIENCE, stdio: ['ignore', output, output] })
  const [code, signal] = await once(child, 'exit')
  fs.closeSync(output)
  assert.equal(signal ?? code, 0, `the program ended with ${signal ?? code}: ${fs.readFileSync(printed, 'utf8')}`)
  return JSON.parse(fs.readFileSync(file, 'utf8'))
}

main()
