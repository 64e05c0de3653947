// @ts-check
'use strict'

// Mono, which compiles and runs C#: Debian's, unpacked into .cache. Debian, npm and PyPI have no .NET SDK.

const { execFile, spawnSync } = require('node:child_process')
const path = require('node:path')
const { promisify } = require('node:util')
const { debianRoot } = require('../../scripts/cross/debian')
const pins = require('../../scripts/cross/pins.json')
const { root } = require('./run')

/** The reason to skip a test without Mono, or false. */
function monoMissing() {
  const canFetch = process.platform === 'linux' && process.arch === 'x64' && ['apt-get', 'dpkg-deb'].every(isOnPath)
  return !canFetch && 'Mono cannot be fetched: that needs x64 Linux with apt-get and dpkg-deb'
}

/** @param {string} name */
function isOnPath(name) {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
}

/**
 * The output of a C# program.
 * @param {string} file
 * @param {NodeJS.ProcessEnv} environment
 */
async function runCsharp(file, environment) {
  const folder = debianRoot(path.join(root, '.cache', 'mono'), pins.mono)
  const program = `${file}.exe`
  const env = { ...environment, LD_LIBRARY_PATH: path.join(folder, 'usr', 'lib'), MONO_CFG_DIR: path.join(folder, 'etc') }
  const mono = (/** @type {string[]} */ ...words) => promisify(execFile)(path.join(folder, 'usr', 'bin', 'mono-sgen'), words, { env, timeout: 120_000 })
  await mono(path.join(folder, 'usr', 'lib', 'mono', '4.5', 'mcs.exe'), '-warnaserror', `-out:${program}`, file)
  return (await mono(program)).stdout
}

module.exports = { monoMissing, runCsharp }
