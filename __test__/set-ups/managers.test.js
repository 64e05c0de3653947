// @ts-check
'use strict'

// The packed package from a registry, which each package manager installs without a platform's package, from another platform's lock file,
// or with packages in other places. npm run release -- --dry-run tests plain installations.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { npmInvocation } = require('../../scripts/npm')
const { startRegistry } = require('../../scripts/release/registry')
const { installTools } = require('../../scripts/release/tools')
const { missingPlatforms, publish } = require('../../scripts/release/install-check')
const { bareEnvironment } = require('../support/environment')
const { installHosts, missingHosts } = require('../support/hosts')
const { TOKEN, tarballs } = require('./project')

const run = promisify(execFile)

const FAILURE = "require('azure-client-token').getClientToken().catch(({ code, message }) => console.log(JSON.stringify({ code, message })))"
const HERE = `${process.platform}-${process.arch}`

/** @type {string} */
let folder
/** @type {import('../../scripts/release/registry').Registry} */
let registry
/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {ReturnType<typeof installTools>} */
let tools

describe('the package of a registry', { skip: missingHosts() }, () => {
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-managers-'))
    tools = installTools()
    emulator = await startEmulator()
    registry = await startRegistry(tools.verdaccio, path.join(folder, 'registry'))
    const packed = tarballs()
    for (const tarball of [...missingPlatforms(packed, folder), ...packed]) await publish(tarball, ['--userconfig', registry.npmrc, '--registry', registry.url])
  })
  after(async () => {
    await emulator?.close()
    await registry?.stop()
    if (folder) fs.rmSync(folder, { recursive: true, force: true })
  })

  describe('by npm', () => {
    test('with links to one store gives a token', async (t) => {
      const project = makeProject(t)
      await npm(project, 'install', '--install-strategy=linked')
      await assertToken(project)
    })

    test('from a lock file of another platform gives a token', async (t) => {
      const project = makeProject(t)
      await npm(project, 'install', '--os=darwin', '--cpu=arm64')
      fs.rmSync(path.join(project, 'node_modules'), { recursive: true })
      await npm(project, 'ci')
      await assertToken(project)
    })

    test('on another platform says for which one it was installed', async (t) => {
      const project = makeProject(t)
      await npm(project, 'install', '--os=darwin', '--cpu=arm64')
      assert.match(await failure(project), /darwin-arm64/)
    })

    test('without optional packages names the option, and npm install repairs it', async (t) => {
      const project = makeProject(t)
      await npm(project, 'install', '--omit=optional')
      assert.match(await failure(project), /--omit=optional/)
      await npm(project, 'install')
      await assertToken(project)
    })

    test('for another C library says that the addon cannot be loaded', async (t) => {
      const project = makeProject(t)
      await npm(project, 'install', '--libc=musl')
      assert.match(await failure(project), new RegExp(`azure-client-token-${HERE}-musl`))
    })
  })

  describe('by pnpm', () => {
    const pnpm = (/** @type {string} */ project, /** @type {string[]} */ ...parameters) =>
      manage(project, tools.pnpm, ...parameters, '--registry', registry.url, '--store-dir', path.join(folder, 'pnpm-store'))

    test('without optional packages names the option', async (t) => {
      const project = makeProject(t)
      await pnpm(project, 'install', '--no-optional')
      assert.match(await failure(project), /--omit=optional/)
    })

    test('from its lock file, without scripts, gives a token', async (t) => {
      const project = makeProject(t)
      await pnpm(project, 'install', '--lockfile-only')
      await pnpm(project, 'install', '--frozen-lockfile', '--ignore-scripts')
      await assertToken(project)
    })
  })

  describe('by yarn', () => {
    test("with pnpm's layout gives a token", async (t) => {
      const project = makeProject(t, { nodeLinker: 'pnpm' })
      await manage(project, tools.yarn4, 'install')
      await assertToken(project)
    })

    test("without node_modules gives a token to modules under Yarn's loader", async (t) => {
      const project = makeProject(t, { nodeLinker: 'pnp', pnpEnableEsmLoader: true })
      await manage(project, tools.yarn4, 'install')
      for (const program of Object.keys(TOKEN)) assert.deepEqual(await output(project, process.execPath, tools.yarn4, 'node', program), { source: 'clientSecret' })
    })
  })

  for (const layout of ['auto', 'none']) {
    test(`by Deno, --node-modules-dir=${layout}, gives a token with the least permissions`, async (t) => {
      const project = makeProject(t)
      const deno = /** @type {import('../support/hosts').Host} */ ((await installHosts()).find(({ name }) => name === 'Deno'))
      const permissions = ['--allow-read', '--allow-env', '--allow-ffi']
      // Without this, Deno would not install versions that were published a moment ago.
      const told = await output(project, deno.command, 'run', ...permissions, `--node-modules-dir=${layout}`, '--minimum-dependency-age=0', 'token.mjs')
      assert.deepEqual(told, { source: 'clientSecret' })
    })
  }
})

/**
 * @param {import('node:test').TestContext} t
 * @param {Record<string, unknown>} [yarn] settings
 */
function makeProject(t, yarn) {
  const project = fs.mkdtempSync(path.join(folder, 'project-'))
  t.after(() => fs.rmSync(project, { recursive: true, force: true }))
  const files = {
    ...TOKEN,
    'failure.cjs': FAILURE,
    'package.json': JSON.stringify({ name: 'project', private: true, dependencies: { 'azure-client-token': '*' } }),
    '.npmrc': `registry=${registry.url}\n`,
    ...(yarn && { 'yarn.lock': '', '.yarnrc.yml': JSON.stringify(yarnSettings(yarn)) }),
  }
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(project, name), content)
  return project
}

/** @param {Record<string, unknown>} settings */
function yarnSettings(settings) {
  return {
    npmRegistryServer: registry.url,
    unsafeHttpWhitelist: ['127.0.0.1'],
    npmMinimalAgeGate: 0,
    enableGlobalCache: false,
    // Yarn caches a registry's data by its host without the port, so the cache of an earlier run would be of another registry.
    globalFolder: path.join(folder, 'yarn'),
    enableTelemetry: false,
    ...settings,
  }
}

/**
 * @param {string} project
 * @param {string[]} words
 */
async function npm(project, ...words) {
  const { command, parameters, shell } = npmInvocation([...words, '--cache', path.join(folder, 'npm-cache')])
  await run(command, parameters, { cwd: project, shell })
}

/**
 * @param {string} project
 * @param {string} manager its program
 * @param {string[]} parameters
 */
async function manage(project, manager, ...parameters) {
  await run(process.execPath, [manager, ...parameters], { cwd: project })
}

/** @param {string} project */
async function assertToken(project) {
  for (const program of Object.keys(TOKEN)) assert.deepEqual(await output(project, process.execPath, program), { source: 'clientSecret' })
}

/** @param {string} project @returns {Promise<string>} the message of a call's error */
async function failure(project) {
  const { code, message } = await output(project, process.execPath, 'failure.cjs')
  assert.equal(code, 'ERR_ADDON')
  return message
}

/**
 * @param {string} project
 * @param {string} command
 * @param {string[]} parameters
 */
async function output(project, command, ...parameters) {
  const env = bareEnvironment({ HOME: folder, NPM_CONFIG_REGISTRY: registry.url, ...emulator.environment() })
  const { stdout } = await run(command, parameters, { cwd: project, env, timeout: 120_000 })
  return JSON.parse(stdout)
}
