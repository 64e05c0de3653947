// @ts-check
'use strict'

// The settings of each bundler in docs/bundlers.md. Each bundle has its own folder.

const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { pathToFileURL } = require('node:url')
const { promisify } = require('node:util')

const run = promisify(execFile)

/** The banner that ES modules by esbuild need for CommonJS packages. */
const BANNER = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }

/**
 * @typedef {object} Job
 * @property {string} modules the folder in which the bundlers are installed
 * @property {string} entry the program, an ES module
 * @property {string} out the folder for the bundle
 */

/** @param {Job} job @param {object} [options] */
async function esbuild({ modules, entry, out }, options = {}) {
  const asModule = 'format' in options && options.format === 'esm'
  const outfile = path.join(out, asModule ? 'bundle.mjs' : 'bundle.cjs')
  const common = { entryPoints: [entry], bundle: true, platform: 'node', outfile, logLevel: 'silent' }
  await require(path.join(modules, 'esbuild')).build({ ...common, ...(asModule && { banner: BANNER }), ...options })
  return outfile
}

/** @param {Job} job @param {object} [options] */
async function webpack({ modules, entry, out }, options = {}) {
  const bundle = require(path.join(modules, 'webpack'))
  const output = { path: out, filename: 'bundle.cjs' }
  const compiler = bundle({ entry, output, target: 'node', mode: 'production', ...options })
  const stats = await promisify(compiler.run.bind(compiler))()
  await promisify(compiler.close.bind(compiler))()
  if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }))
  return path.join(out, 'bundle.cjs')
}

/** @param {Job} job @param {object} [options] */
async function rollup({ modules, entry, out }, options = {}) {
  const plugins = [require(path.join(modules, '@rollup/plugin-node-resolve')).default(), require(path.join(modules, '@rollup/plugin-commonjs')).default()]
  const bundle = await require(path.join(modules, 'rollup')).rollup({ input: entry, plugins, logLevel: 'silent', ...options })
  const file = path.join(out, 'bundle.mjs')
  await bundle.write({ file, format: 'es' })
  return file
}

/** @param {Job} job @param {object} [ssr] */
async function vite({ modules, entry, out }, ssr = {}) {
  const { build } = await import(pathToFileURL(path.join(modules, 'vite/dist/node/index.js')).href)
  const output = { entryFileNames: 'bundle.mjs' }
  await build({ root: path.dirname(entry), logLevel: 'silent', configFile: false, ssr, build: { ssr: entry, outDir: out, rollupOptions: { output } } })
  return path.join(out, 'bundle.mjs')
}

/** @param {Job} job */
async function ncc({ modules, entry, out }) {
  await run(process.execPath, [path.join(modules, '@vercel/ncc/dist/ncc/cli.js'), 'build', entry, '-o', out, '--no-cache'], { cwd: path.dirname(entry) })
  return ['index.js', 'index.mjs'].map((name) => path.join(out, name)).find((file) => fs.existsSync(file)) ?? ''
}

/** Copies the files that nft finds. @param {Job} job */
async function nft({ modules, entry, out }) {
  const base = path.dirname(entry)
  const { fileList } = await require(path.join(modules, '@vercel/nft')).nodeFileTrace([entry], { base })
  for (const file of fileList) fs.cpSync(path.join(base, file), path.join(out, file))
  return path.join(out, path.basename(entry))
}

/** @param {Job} job @param {string[]} flags */
async function bun({ modules, entry, out }, flags) {
  const isExecutable = flags.includes('--compile')
  const place = isExecutable ? ['--outfile', path.join(out, 'bundle')] : ['--outdir', out]
  await run(bunOf(modules), ['build', entry, ...flags, ...place], { cwd: path.dirname(entry) })
  return path.join(out, isExecutable ? 'bundle' : 'entry.js')
}

/** @param {string} modules */
function bunOf(modules) {
  return path.join(modules, '@oven/bun-linux-x64', 'bin', 'bun')
}

/**
 * A single executable application: Node.js itself with the program and the addon in it.
 * @param {Job} job
 * @param {string} addon
 */
async function executable({ modules, entry, out }, addon) {
  const main = await esbuild({ modules, entry, out }, { external: ['azure-client-token-*'] })
  const file = (/** @type {string} */ name) => path.join(out, name)
  const config = { main, output: file('program.blob'), disableExperimentalSEAWarning: true, assets: { 'addon.node': addon } }
  fs.writeFileSync(file('sea.json'), JSON.stringify(config))
  await run(process.execPath, ['--experimental-sea-config', file('sea.json')])
  fs.copyFileSync(process.execPath, file('program'))
  const fuse = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2']
  await run(process.execPath, [path.join(modules, 'postject/dist/cli.js'), file('program'), 'NODE_SEA_BLOB', config.output, ...fuse])
  return file('program')
}

module.exports = { bun, bunOf, esbuild, executable, ncc, nft, rollup, vite, webpack }
