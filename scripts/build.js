// @ts-check
'use strict'

// Builds the addon as it is released, for this machine or for another target of its compilers.
//
//   node scripts/build.js [--target TRIPLE]

const { execFileSync, spawnSync } = require('node:child_process')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { cargoWith, releaseFlags } = require('./release-flags')

const root = path.join(__dirname, '..')
/** `binding.d.ts`, because the command would overwrite the hand-written `index.d.ts`. */
const NAPI_BUILD = ['build', '--platform', '--release', '--no-js', '--dts', 'binding.d.ts']

const { target } = parseArgs({ options: { target: { type: 'string' } } }).values
const triple = target ?? hostTriple()
const { parameters, env } = cargoWith(triple, releaseFlags(triple))
const napi = path.join(path.dirname(require.resolve('@napi-rs/cli/package.json')), 'dist', 'cli.js')
const { status } = spawnSync(process.execPath, [napi, ...NAPI_BUILD, '--target', triple, '--', ...parameters], { cwd: root, env, stdio: 'inherit' })
process.exitCode = status ?? 1

/** @returns {string} */
function hostTriple() {
  const [, host] = execFileSync('rustc', ['-vV'], { encoding: 'utf8' }).match(/^host: (.+)$/m) ?? []
  return host
}
