// @ts-check
'use strict'

// Wine from Debian, unpacked into the cache folder, with its own Windows, which is created once.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { debianRoot } = require('./debian')
const pins = require('./pins.json')
const { cache, toolchain } = require('./toolchain')

const root = path.join(cache, 'wine')
const prefix = path.join(cache, 'windows')

/**
 * Wine looks for its parts in /usr/lib and /usr/share. They are mounted over the existing folders, in a namespace of one
 * process.
 */
const SCRIPT = [
  ...['lib', 'share'].map((place) => `mount -t overlay overlay -o 'lowerdir=${path.join(root, 'usr', place)}:/usr/${place}' /usr/${place}`),
  'exec "$@"'
].join(' && ')

/** @returns {{ script: string, env: Record<string, string> }} the script of a shell that takes a command of Wine */
function wineEnvironment() {
  debianRoot(root, pins.wine)
  const env = {
    HOME: cache,
    PATH: String(process.env.PATH),
    LD_LIBRARY_PATH: path.join(root, 'usr', 'lib', 'x86_64-linux-gnu'),
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    // The libraries for .NET and for web pages, which Wine would offer to download.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    // Wine 8 identifies itself as Windows 7, and has what Node.js needs nevertheless.
    NODE_SKIP_PLATFORM_CHECK: '1'
  }
  makeWindows(env)
  return { script: SCRIPT, env }
}

/** @param {Record<string, string>} env */
function makeWindows(env) {
  const made = path.join(prefix, 'made')
  if (fs.existsSync(made)) return
  const system = path.join(prefix, 'drive_c', 'windows', 'system32')
  fs.rmSync(prefix, { recursive: true, force: true })
  fs.mkdirSync(system, { recursive: true })
  fs.copyFileSync(path.join(root, 'usr', 'x86_64-w64-mingw32', 'lib', 'zlib1.dll'), path.join(system, 'zlib1.dll'))
  compileRandomNumbers(path.join(system, 'bcryptprimitives.dll'))
  execFileSync('unshare', ['-rm', 'sh', '-c', SCRIPT, 'sh', '/usr/lib/wine/wine64', 'wineboot', '-i'], { env, stdio: 'ignore' })
  fs.writeFileSync(made, '')
}

/**
 * Rust's standard library asks this library of Windows for random numbers, which Wine has from version 9 on.
 * @param {string} library
 */
function compileRandomNumbers(library) {
  const source = path.join(__dirname, 'bcryptprimitives.c')
  execFileSync('x86_64-w64-mingw32-gcc-win32', ['-shared', '-O2', '-o', library, source, '-ladvapi32'], { env: toolchain(), stdio: 'inherit' })
}

module.exports = { wineEnvironment }
