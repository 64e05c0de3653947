// @ts-check
'use strict'

// The compiler flags of a release, in addition to its profile in Cargo.toml: which flags a target has, and how cargo gets
// them. Debug builds and tests do not use them, so that those share compiled crates.

const { execFileSync } = require('node:child_process')
const path = require('node:path')

const root = path.join(__dirname, '..')

/**
 * @typedef {object} ReleaseFlags
 * @property {string[]} rust for rustc
 * @property {string[]} c for the compiler of the C code in ring
 */

/**
 * @param {string} triple the target, as Rust names it
 * @param {NodeJS.ProcessEnv} [env] the environment, which chooses cargo and rustc
 * @returns {ReleaseFlags}
 */
function releaseFlags(triple, env = process.env) {
  const rust = machinePlaces(env).map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
  return triple.endsWith('-msvc') ? { rust: [...rust, STATIC_RUNTIME], c: [] } : { rust, c: HARDENED }
}

/** Links the library of Microsoft's compiler into the addon: a Windows without its redistributable package does not have it. */
const STATIC_RUNTIME = '-Ctarget-feature=+crt-static'

/**
 * A stack protector, and checked variants of the C library's functions. Microsoft's compiler has its own (/GS), which is on
 * by default. Some distributions define _FORTIFY_SOURCE, and compilers warn about a second definition.
 */
const HARDENED = ['-fstack-protector-strong', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2']

/**
 * Replaces folders of the building machine with fixed names. Otherwise the messages of panics would contain the crates'
 * folders, and the addon's bytes would depend on them. rustc uses the last match, so inner folders come last. C needs no
 * replacement: ring is compiled without assertions, and debug information is not linked.
 * @param {NodeJS.ProcessEnv} env
 * @returns {[from: string, to: string][]}
 */
function machinePlaces(env) {
  const { packages, target_directory: target } = cargoMetadata(env)
  /** @type {{ source: string | null, manifest_path: string }[]} */
  const crates = packages.filter((/** @type {{ source: string | null }} */ { source }) => source !== null)
  const registries = new Set(crates.map(({ manifest_path: file }) => path.dirname(path.dirname(file))))
  return [
    [root, '/azure-client-token'],
    [target, '/target'],
    ...[...registries].map((folder) => /** @type {[string, string]} */ ([folder, '/crates'])),
    [path.join(sysroot(env), 'lib', 'rustlib', 'src', 'rust'), '/rust']
  ]
}

/** @param {NodeJS.ProcessEnv} env */
function cargoMetadata(env) {
  const words = ['metadata', '--locked', '--format-version', '1']
  // The output limit of Node.js is 1 MiB by default.
  return JSON.parse(execFileSync(env.CARGO ?? 'cargo', words, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'inherit'] }))
}

/** @param {NodeJS.ProcessEnv} env */
function sysroot(env) {
  return execFileSync(env.RUSTC ?? 'rustc', ['--print', 'sysroot'], { cwd: root, env, encoding: 'utf8' }).trim()
}

/**
 * Passes the flags to cargo through its configuration, where they join those of .cargo/config.toml. If a variable has flags,
 * Cargo ignores the configuration; then these flags join the variable's.
 * @param {string} triple
 * @param {ReleaseFlags} flags
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ parameters: string[], env: NodeJS.ProcessEnv }} for cargo
 */
function cargoWith(triple, { rust, c }, env = process.env) {
  const given = env.CARGO_ENCODED_RUSTFLAGS?.split('\x1f') ?? env.RUSTFLAGS?.split(' ')
  const compilers = { ...env, CFLAGS: [env.CFLAGS, ...c].filter(Boolean).join(' ') }
  if (given) return { parameters: [], env: { ...compilers, CARGO_ENCODED_RUSTFLAGS: [...given.filter(Boolean), ...rust].join('\x1f') } }
  return { parameters: ['--config', `target.${triple}.rustflags=${JSON.stringify(rust)}`], env: compilers }
}

module.exports = { cargoWith, releaseFlags }
