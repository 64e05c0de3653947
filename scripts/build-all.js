// @ts-check
'use strict'

// Builds the addon for every platform that one Linux machine (x86_64, Debian 12 or alike, with python3, gcc and binutils)
// can build for, from package registries alone. The addons and a report of them go into dist/addons.
//
//   node scripts/build-all.js [PLATFORM…]     all platforms, or those named: linux-x64-musl, win32-x64-msvc, …

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { crossTargets } = require('./cross/targets')
const { needsOf } = require('./cross/inspect')
const { noteBuild, outcomeLine } = require('./cross/report')
const { toolchain } = require('./cross/toolchain')
const { cargoWith, releaseFlags } = require('./release-flags')

const root = path.join(__dirname, '..')
const addons = path.join(root, 'dist', 'addons')

/** @typedef {import('./cross/targets').CrossTarget} CrossTarget */

function main() {
  const named = process.argv.slice(2)
  const wanted = crossTargets.filter(({ addon }) => named.length === 0 || named.includes(addon))
  if (wanted.length < named.length) throw new Error(`The platforms are ${crossTargets.map(({ addon }) => addon).join(', ')}.`)
  const env = toolchain()
  const lines = wanted.map((target) => outcomeLine(target, target.command ? build(target, env) : undefined))
  console.log(`\n${lines.join('\n')}`)
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
  const addon = keep(target, String(env.CARGO_TARGET_DIR))
  const needs = target.triple.includes('linux') ? needsOf(addon) : { libraries: [] }
  const seconds = Math.round((Date.now() - start) / 1000)
  return noteBuild(target.addon, { bytes: fs.statSync(addon).size, seconds, ...needs })
}

/**
 * @param {CrossTarget} target
 * @param {NodeJS.ProcessEnv} toolchainEnv
 */
function compile({ triple, command = [], rust = [], env = {} }, toolchainEnv) {
  // Unstable, and needed for -Zbuild-std only: crates that probe for a nightly compiler must not find one elsewhere.
  const unstable = command.some((word) => word.startsWith('-Z')) ? { RUSTC_BOOTSTRAP: '1' } : {}
  /** @type {NodeJS.ProcessEnv} */
  const given = { ...toolchainEnv, ...env, ...unstable, CARGO_ENCODED_RUSTFLAGS: rust.join('\x1f') }
  const cargo = cargoWith(triple, releaseFlags(triple, given), given)
  const program = command[0] === 'zigbuild' ? 'cargo-zigbuild' : String(given.CARGO)
  const words = [...command, '--release', '--locked', '--lib', '--package', 'azure-client-token', ...cargo.parameters]
  return spawnSync(program, words, { cwd: root, env: cargo.env, stdio: 'inherit' }).status === 0
}

/**
 * @param {CrossTarget} target
 * @param {string} targetFolder
 */
function keep({ addon, triple }, targetFolder) {
  const library = triple.includes('windows') ? 'azure_client_token.dll' : 'libazure_client_token.so'
  const kept = path.join(addons, `azure-client-token.${addon}.node`)
  fs.mkdirSync(addons, { recursive: true })
  fs.copyFileSync(path.join(targetFolder, triple, 'release', library), kept)
  return kept
}

main()
