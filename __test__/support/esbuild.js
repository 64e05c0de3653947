// @ts-check
'use strict'

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { installPinned } = require('./pinned')

/** The banner that bundles in the format of ES modules need for CommonJS packages. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/**
 * Bundles a program into a separate folder, outside every node_modules.
 * @param {import('node:test').TestContext} t
 * @param {string} entry
 * @param {object} [options] of esbuild
 * @returns {Promise<string>} the bundle
 */
async function bundled(t, entry, options = {}) {
  const modules = path.join(await installPinned('bundlers/npm-test'), 'node_modules')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-bundle-'))
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }))
  const { build } = require(path.join(modules, 'esbuild'))
  const asModule = 'format' in options && options.format === 'esm'
  const outfile = path.join(folder, asModule ? 'bundle.mjs' : 'bundle.cjs')
  const common = { entryPoints: [entry], bundle: true, platform: 'node', outfile, nodePaths: [modules], logLevel: 'silent' }
  await build({ ...common, ...(asModule && { banner: { js: REQUIRE } }), ...options })
  return outfile
}

module.exports = { bundled }
