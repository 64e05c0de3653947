// @ts-check
'use strict'

// Builds the addon for every platform that one Linux machine (x86_64, Debian 12 or similar, with python3, gcc and binutils)
// can build for, from package registries alone. The addons and a report go to dist/addons. For other platforms the code is
// only type-checked.
//
//   node scripts/build-all.js [--missing] [--rustup] [PLATFORM…]
//
// Without names it builds all platforms: linux-x64-musl, win32-x64-msvc, …; with --missing, those that can be built here and
// that dist/addons lacks. With --rustup it uses the compiler and standard libraries of rustup, as on the runners of a
// release, and type-checks nothing.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { crossTargets } = require('./cross/targets')
const { needsOf, needsOfWindows } = require('./cross/inspect')
const { noteBuild, outcomeLine, readReport } = require('./cross/report')
const { rustupToolchain, toolchain } = require('./cross/toolchain')
const { cargoWith, releaseFlags } = require('./release-flags')

const root = path.join(__dirname, '..')
const addons = path.join(root, 'dist', 'addons')

/** An unstable option, used only where it is needed: crates that probe for a nightly compiler must not find one elsewhere. */
const BUILD_STD = { words: ['-Zbuild-std=std,panic_unwind'], env: { RUSTC_BOOTSTRAP: '1' } }

/** @typedef {import('./cross/targets').CrossTarget} CrossTarget */

function main() {
  const { values, positionals: named } = parseArgs({ options: { missing: { type: 'boolean' }, rustup: { type: 'boolean' } }, allowPositionals: true })
  const wanted = crossTargets.filter(({ addon }) => named.length === 0 || named.includes(addon))
  if (wanted.length < named.length) throw new Error(`The platforms are ${crossTargets.map(({ addon }) => addon).join(', ')}.`)
  const env = values.rustup ? rustupToolchain() : toolchain()
  const isLeft = (/** @type {CrossTarget} */ target) => (target.without ? values.missing || values.rustup : values.missing && fs.existsSync(addonFile(target)))
  const outcomes = wanted.map((target) => (isLeft(target) ? readReport()[target.addon] : build(target, env)))
  console.log(`\n${wanted.map((target, position) => outcomeLine(target, outcomes[position])).join('\n')}`)
}

/**
 * @param {CrossTarget} target
 * @param {NodeJS.ProcessEnv} env
 */
function build(target, env) {
  const start = Date.now()
  console.log(`\n=== ${target.addon}: ${target.triple}`)
  if (!compile(target, env)) {
    process.exitCode = 1
    return noteBuild(target.addon, { failed: true })
  }
  const seconds = Math.round((Date.now() - start) / 1000)
  if (target.without) return noteBuild(target.addon, { checked: true, seconds })
  const addon = keep(target, String(env.CARGO_TARGET_DIR))
  const needs = target.triple.includes('linux') ? needsOf(addon) : needsOfWindows(addon, env)
  // On a Linux with another C library, the package reports it; Windows has no package that would install a library.
  if (target.triple.includes('windows') && needs.libraries.length > 0) {
    process.exitCode = 1
    console.log(`Windows does not have ${needs.libraries.join(', ')}`)
    return noteBuild(target.addon, { failed: true, ...needs })
  }
  return noteBuild(target.addon, { bytes: fs.statSync(addon).size, seconds, ...needs })
}

/**
 * @param {CrossTarget} target
 * @param {NodeJS.ProcessEnv} toolchainEnv
 */
function compile({ triple, command = [], rust = [], env = {}, needsStd }, toolchainEnv) {
  // rustup has builds of these standard libraries, Debian only their source.
  const std = needsStd && toolchainEnv.RUSTC ? BUILD_STD : { words: [], env: {} }
  /** @type {NodeJS.ProcessEnv} */
  const given = { ...toolchainEnv, ...env, ...std.env, CARGO_ENCODED_RUSTFLAGS: rust.join('\x1f') }
  const cargo = cargoWith(triple, releaseFlags(triple, given), given)
  const program = command[0] === 'zigbuild' ? 'cargo-zigbuild' : 'cargo'
  const words = [...command, ...std.words, '--release', '--locked', '--lib', '--package', 'azure-client-token', ...cargo.parameters]
  return spawnSync(program, words, { cwd: root, env: cargo.env, stdio: 'inherit' }).status === 0
}

/**
 * @param {CrossTarget} target
 * @param {string} targetFolder
 */
function keep(target, targetFolder) {
  const { triple } = target
  const library = triple.includes('windows') ? 'azure_client_token.dll' : 'libazure_client_token.so'
  const kept = addonFile(target)
  fs.mkdirSync(addons, { recursive: true })
  fs.copyFileSync(path.join(targetFolder, triple, 'release', library), kept)
  return kept
}

/** @param {CrossTarget} target */
function addonFile({ addon }) {
  return path.join(addons, `azure-client-token.${addon}.node`)
}

main()
