// @ts-check
'use strict'

// Publishes a release to a registry on this machine, installs it with every package manager, and gets a token with each.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { npmInvocation } = require('../npm')
const { packPlaceholder, platformTargets } = require('../pack')
const { managers } = require('./managers')
const { startRegistry } = require('./registry')
const { installTools } = require('./tools')
const { name, version } = require('../../package.json')

const run = promisify(execFile)

const PROGRAM = `require('${name}').getClientToken().then(({ token }) => {
  const { aud, appid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
  console.log(JSON.stringify({ aud, appid }))
})`

/** @typedef {Awaited<ReturnType<typeof startEmulator>>} Emulator */

/** @param {string[]} tarballs in the order in which they are published */
async function tryRelease(tarballs) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-release-'))
  const tools = installTools()
  const registry = await startRegistry(tools.verdaccio, path.join(folder, 'registry'))
  const emulator = await startEmulator()
  try {
    for (const tarball of [...missingPlatforms(tarballs, folder), ...tarballs]) await publish(tarball, ['--userconfig', registry.npmrc, '--registry', registry.url])
    for (const manager of managers(tools)) {
      await tryManager(manager, path.join(folder, manager.name.replace(/\W+/g, '-')), registry.url, emulator)
      console.log(`${manager.name}: installs ${name}@${version}, and gets a token`)
    }
  } finally {
    await emulator.close()
    await registry.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Publishes packages without an addon for platforms that were not built here: some package managers refuse an optional
 * dependency that the registry does not have, even for another platform.
 * @param {string[]} tarballs
 * @param {string} folder
 */
function missingPlatforms(tarballs, folder) {
  const isBuilt = (/** @type {string} */ platform) => tarballs.some((tarball) => path.basename(tarball).startsWith(`${name}-${platform}-`))
  const missing = platformTargets().filter(({ platformArchABI }) => !isBuilt(platformArchABI))
  return missing.map((target) => packPlaceholder(target, path.join(folder, 'placeholders')))
}

/**
 * @param {string} tarball
 * @param {string[]} settings
 */
async function publish(tarball, settings) {
  const { command, parameters, shell } = npmInvocation(['publish', tarball, '--access', 'public', ...settings])
  await run(command, parameters, { shell })
}

/**
 * @param {import('./managers').Manager} manager
 * @param {string} folder
 * @param {string} url
 * @param {Emulator} emulator
 */
async function tryManager({ configure, install, run: start }, folder, url, emulator) {
  fs.mkdirSync(folder)
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "private": true }')
  fs.writeFileSync(path.join(folder, 'program.cjs'), PROGRAM)
  configure?.(folder, url)
  // Uses none of this machine's settings, which may name another registry.
  const { PATH = '' } = process.env
  const env = { PATH, HOME: folder, CI: 'true' }
  const step = install(`${name}@${version}`, url)
  await run(step.command, step.parameters, { cwd: folder, env, shell: step.shell })
  const program = start('program.cjs')
  const { stdout } = await run(program.command, program.parameters, { cwd: folder, env: { ...env, ...emulator.environment() } })
  assert.deepEqual(JSON.parse(stdout), { aud: 'https://management.azure.com/', appid: emulator.clientId })
}

module.exports = { missingPlatforms, publish, tryRelease }
