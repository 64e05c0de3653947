// @ts-check
'use strict'

// The compilers for other platforms, at pinned versions, in the checkout's cache folder: rustc, cargo and mingw-w64 from
// Debian, zig and cargo-zigbuild from PyPI. Debian's rustc includes the standard library for arm64, and the source of the
// others.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { debianRoot } = require('./debian')
const pins = require('./pins.json')

const cache = path.join(__dirname, '..', '..', '.cache', 'cross')

/**
 * If rustup has the standard library of a target, rustc and cargo are the machine's own.
 * @returns {NodeJS.ProcessEnv} in which the compilers are found
 */
function rustupToolchain() {
  fs.mkdirSync(cache, { recursive: true })
  const zig = zigFolder()
  return {
    ...process.env,
    PATH: [zig, process.env.PATH].join(path.delimiter),
    CARGO_TARGET_DIR: path.join(cache, 'target'),
    CARGO_ZIGBUILD_ZIG_PATH: path.join(zig, 'python-zig')
  }
}

/** @returns {NodeJS.ProcessEnv} in which the pinned compilers are found */
function toolchain() {
  fs.mkdirSync(cache, { recursive: true })
  const rust = path.join(debianRoot(path.join(cache, 'toolchain'), pins.toolchain), 'usr')
  addStandardLibrary(rust, 'aarch64-unknown-linux-gnu', debianRoot(path.join(cache, 'arm64-std'), pins['arm64-std']))
  const env = rustupToolchain()
  return {
    ...env,
    PATH: [path.join(rust, 'bin'), env.PATH].join(path.delimiter),
    LD_LIBRARY_PATH: path.join(rust, 'lib', 'x86_64-linux-gnu'),
    RUSTC: path.join(rust, 'bin', 'rustc'),
    CARGO: path.join(rust, 'bin', 'cargo'),
    LIBNODE_PATH: windowsLibraries(rust)
  }
}

/**
 * rustc looks for the libraries of all targets in one place.
 * @param {string} rust
 * @param {string} triple
 * @param {string} root the folder of the other architecture's unpacked package
 */
function addStandardLibrary(rust, triple, root) {
  const place = path.join(rust, 'lib', 'rustlib', triple)
  if (!fs.existsSync(place)) fs.symlinkSync(path.join(root, 'usr', 'lib', 'rustlib', triple), place)
}

/** @returns {string} the folder with the commands of a Python environment that has the pinned packages */
function zigFolder() {
  const requirements = path.join(__dirname, 'requirements.txt')
  const folder = path.join(cache, 'zig')
  const stamp = path.join(folder, 'requirements.txt')
  const wanted = fs.readFileSync(requirements, 'utf8')
  const commands = path.join(folder, 'bin')
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return commands
  fs.rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(path.join(commands, 'pip'), ['install', '--quiet', '--require-hashes', '-r', requirements], { stdio: 'inherit' })
  fs.writeFileSync(stamp, wanted)
  return commands
}

/**
 * The folder that the linker for Windows searches first. napi-build wants a libnode to link with GNU's tools; it is empty
 * here, because the addon asks the program that loads it for each function instead, as a build with Microsoft's tools does.
 * Debian's rustc wants the stack protector's library, which Windows does not have; here it is an archive, which is linked
 * in.
 * @param {string} rust
 */
function windowsLibraries(rust) {
  const folder = path.join(cache, 'libnode')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'libnode.dll'), '')
  const archive = path.join(folder, 'libnode.a')
  if (!fs.existsSync(archive)) execFileSync(path.join(rust, 'bin', 'x86_64-w64-mingw32-ar'), ['rc', archive])
  const compiler = path.join(rust, 'bin', 'x86_64-w64-mingw32-gcc-win32')
  const stackProtector = execFileSync(compiler, ['-print-file-name=libssp.a'], { encoding: 'utf8' }).trim()
  fs.copyFileSync(stackProtector, path.join(folder, 'libssp.a'))
  return folder
}

module.exports = { cache, rustupToolchain, toolchain }
