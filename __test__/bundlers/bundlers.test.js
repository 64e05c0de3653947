// @ts-check
'use strict'

// The packed package through each bundler: the program gets a token where docs/bundlers.md says so, or the build fails with
// an error that names the missing file. Too slow for every run: npm run test:bundlers.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { pack } = require('../../scripts/pack')
const bundlers = require('../support/bundlers')
const { filesUnder, installConsumer, printed } = require('../support/consumer')
const { missingHosts } = require('../support/hosts')
const { installPinned } = require('../support/pinned')

/** @typedef {import('../support/bundlers').Job} Job */
/** @typedef {(job: Job) => Promise<string>} Bundle */

const external = ['azure-client-token']
const copied = { loader: { '.node': 'copy' } }
const PROGRAM = `
  import { ClientTokenError, getClientToken } from 'azure-client-token'
  getClientToken().then(({ source }) => console.log(JSON.stringify({ source, error: ClientTokenError.name.length > 0 })))`
/** Writes its addon to a file before the first call. */
const IN_EXECUTABLE = `
  import { getRawAsset } from 'node:sea'
  import fs from 'node:fs'
  import os from 'node:os'
  import path from 'node:path'
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-program-'))
  process.on('exit', () => fs.rmSync(folder, { recursive: true }))
  process.env.AZURE_CLIENT_TOKEN_ADDON = path.join(folder, 'addon.node')
  fs.writeFileSync(process.env.AZURE_CLIENT_TOKEN_ADDON, new Uint8Array(getRawAsset('addon.node')))
  ${PROGRAM}`

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('../support/consumer').Consumer} */
let consumer
/** @type {string} the folder in which the bundlers are installed */
let modules

describe('a bundle', { skip: missingHosts(), concurrency: 2 }, () => {
  before(async () => {
    emulator = await startEmulator()
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-tarballs-'))
    const { main, platforms } = pack({ out })
    consumer = await installConsumer([main, ...Object.values(platforms)])
    modules = path.join(await installPinned('bundlers/test-bundlers'), 'node_modules')
    fs.rmSync(out, { recursive: true })
  })
  after(async () => {
    await emulator?.close()
    consumer?.remove()
  })

  /** Bundles that need no node_modules. @type {[string, Bundle][]} */
  const alone = [
    ['esbuild with --loader:.node=copy', (job) => bundlers.esbuild(job, copied)],
    ['esbuild with --loader:.node=copy --minify', (job) => bundlers.esbuild(job, { ...copied, minify: true })],
    ['esbuild with --loader:.node=copy --format=esm', (job) => bundlers.esbuild(job, { ...copied, format: 'esm' })],
    ['@vercel/ncc', bundlers.ncc],
    ['@vercel/nft', bundlers.nft],
    ['bun build --target=node', (job) => bundlers.bun(job, ['--target=node'])],
  ]
  for (const [name, bundle] of alone) {
    test(`of ${name} gets a token without node_modules`, async (t) => {
      await assertToken(process.execPath, [await bundle(jobOf(t, os.tmpdir()))])
    })
  }

  test('of bun build --target=bun gets a token without node_modules', async (t) => {
    const job = jobOf(t, os.tmpdir())
    await assertToken(bundlers.bunOf(modules), [await bundlers.bun(job, ['--target=bun'])])
  })

  test('of bun build --compile is a program that gets a token', async (t) => {
    await assertToken(await bundlers.bun(jobOf(t, os.tmpdir()), ['--compile']), [])
  })

  test('in a single executable application gets a token', async (t) => {
    const addon = filesUnder(path.join(consumer.folder, 'node_modules')).find((file) => file.endsWith('.node'))
    const program = await bundlers.executable(jobOf(t, os.tmpdir(), IN_EXECUTABLE), /** @type {string} */ (addon))
    await assertToken(program, [])
  })

  /** Bundles without the package, which Node.js loads from node_modules. @type {[string, Bundle][]} */
  const beside = [
    ['esbuild with --external:azure-client-token', (job) => bundlers.esbuild(job, { external })],
    ['webpack with externals', (job) => bundlers.webpack(job, { externals: { 'azure-client-token': 'commonjs azure-client-token' } })],
    ['rollup with external', (job) => bundlers.rollup(job, { external })],
    ['vite for a server', (job) => bundlers.vite(job)],
  ]
  for (const [name, bundle] of beside) {
    test(`of ${name} gets a token beside node_modules`, async (t) => {
      await assertToken(process.execPath, [await bundle(jobOf(t, consumer.folder))])
    })
  }

  /** Bundlers without a setting for the addon. @type {[string, Bundle, RegExp][]} */
  const refused = [
    ['esbuild', (job) => bundlers.esbuild(job), /No loader is configured for "\.node" files/],
    ['webpack', (job) => bundlers.webpack(job), /\.node[\s\S]*You may need an appropriate loader/],
    ['rollup', (job) => bundlers.rollup(job), /@rollup\/plugin-json|\.node/],
    ['vite with noExternal', (job) => bundlers.vite(job, { noExternal: true }), /\.node/],
  ]
  for (const [name, bundle, message] of refused) {
    test(`of ${name} without settings for the addon fails when it is built`, async (t) => {
      await assert.rejects(bundle(jobOf(t, os.tmpdir())), message)
    })
  }
})

/**
 * @param {import('node:test').TestContext} t
 * @param {string} parent of the folder for the bundle
 * @param {string} [program]
 * @returns {Job}
 */
function jobOf(t, parent, program = PROGRAM) {
  const out = fs.mkdtempSync(path.join(parent, 'bundle-'))
  t.after(() => fs.rmSync(out, { recursive: true, force: true }))
  return { modules, out, entry: consumer.write(program === PROGRAM ? 'entry.mjs' : 'executable.mjs', program) }
}

/**
 * @param {string} command
 * @param {string[]} parameters
 */
async function assertToken(command, parameters) {
  const told = await printed(command, parameters, emulator.environment(), os.tmpdir())
  assert.deepEqual(told, { source: 'clientSecret', error: true })
}
