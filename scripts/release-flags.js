// @ts-check
'use strict'

// The compilers' flags of a release, besides its profile in Cargo.toml: what they are for a target, and how they reach
// cargo. Debug builds and tests go without them, so that those share what cargo has compiled.

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
 * @param {NodeJS.ProcessEnv} [env] which cargo and rustc are asked
 * @returns {ReleaseFlags}
 */
function releaseFlags(triple, env = process.env) {
  const rust = machinePlaces(env).map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
  return triple.endsWith('-msvc') ? { rust: [...rust, STATIC_RUNTIME], c: [] } : { rust, c: HARDENED }
}

/** The library of Microsoft's compiler goes into the addon: a Windows without its redistributable package has none. */
const STATIC_RUNTIME = '-Ctarget-feature=+crt-static'

/**
 * A stack protector, and checked variants of the C library's functions. Microsoft's compiler has its own (/GS), which is
 * on unless switched off. Some distributions define _FORTIFY_SOURCE, and compilers warn about a second definition.
 */
const HARDENED = ['-fstack-protector-strong', '-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2']

/**
 * Folders of the building machine, and the names that an addon has in their place. Without it, the messages of panics
 * tell where the crates lay, and the addon's bytes depend on it. rustc takes the last match: what lies within comes last.
 * C needs nothing of the kind: ring is compiled without assertions, and debug information is not linked.
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
  // A pipe of Node.js holds 1 MiB unless told otherwise.
  return JSON.parse(execFileSync(env.CARGO ?? 'cargo', words, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'inherit'] }))
}

/** @param {NodeJS.ProcessEnv} env */
function sysroot(env) {
  return execFileSync(env.RUSTC ?? 'rustc', ['--print', 'sysroot'], { cwd: root, env, encoding: 'utf8' }).trim()
}

/**
 * How the flags reach cargo: through its configuration, where they join those of .cargo/config.toml. Cargo does not look
 * there for flags when a variable has some: then they join those.
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
