// @ts-check
'use strict'

// Why the native addon is missing. Only a call that fails to load it loads this file.

const fs = require('node:fs')
const path = require('node:path')
const { errorOf, exhausted } = require('./errors')

/** The names of the platforms' packages, apart from the platform. */
const PREFIX = 'azure-client-token-'

const BUNDLED =
  'azure-client-token is part of a bundle, which does not contain the addon. Keep azure-client-token out of the bundle ' +
  '(esbuild: --external:azure-client-token, Next.js: serverExternalPackages); docs/bundlers.md has the setting of each bundler.'

const MISSING =
  'Run npm install again on this platform. npm leaves optional dependencies out under --omit=optional; a lock file that ' +
  'was made on another platform may lack them: delete node_modules and package-lock.json first.'

/** glibc's loader reports nothing else if memory is short, or if the file system is mounted noexec. */
const UNMAPPED = /^(.*): failed to map segment/

/**
 * The meaning of the reason for a failed attempt, and the advice for it. The first matching row counts.
 * @type {[RegExp, string | (() => string)][]}
 */
const ADVICE = [
  [/ERR_DLOPEN_DISABLED/, disabled],
  [/NotCapable|ffi access/, 'Start Deno with --allow-ffi.'],
  [/ERR_ACCESS_DENIED/, 'Allow Node.js to read the folder of the addon: --allow-fs-read.'],
  [UNMAPPED, 'The file system that holds it may be mounted noexec: install the package on one that is not. Or the process has reached a limit of its memory (ulimit -v).'],
  [/ld-linux/, 'It was built for glibc, and this system has musl. Run npm install again on this system.'],
  [/invalid ELF header|ld-musl|libc\.musl/, 'It was built for another system, musl for example. Run npm install again on this system.'],
  [/GLIBC_/, 'The C library of this system is too old. Use a newer system.'],
  [/EACCES|[Pp]ermission denied/, 'Allow the user of this process to read the file.'],
]

/**
 * @param {string[]} targets which builds were looked for
 * @param {unknown[]} causes why none of them was loaded
 */
function notLoaded(targets, causes) {
  const unmapped = causes.find(isUnmappedForWantOfMemory)
  if (unmapped !== undefined) return exhausted('memory', unmapped)
  const reason = causes.find((cause) => !isMissing(cause))
  const looked = targets.map((target) => PREFIX + target).join(', ')
  const message = reason === undefined
    ? `azure-client-token has no native addon for ${machine()} (looked for ${looked}). ${adviceOnMissing()}`
    : `azure-client-token cannot load its native addon for ${machine()}: ${sentence(reason)} ${adviceOn(reason)}`
  return addonError(message, new AggregateError(causes, causes.map(String).join('\n')))
}

/**
 * @param {string} variable
 * @param {string} file its value
 * @param {unknown} cause
 */
function explicitNotLoaded(variable, file, cause) {
  const reason = withoutPath(file, cause)
  if (isUnmappedForWantOfMemory(cause)) return exhausted('memory', reason)
  return addonError(`The native addon that ${variable} names cannot be loaded: ${sentence(reason)} ${adviceOn(reason)}`, reason)
}

/**
 * A variable's value may be a secret by mistake, and the native code that would recognise one is missing.
 * @param {string} file
 * @param {unknown} cause
 */
function withoutPath(file, cause) {
  const text = String(cause instanceof Error ? cause.message : cause)
  const message = spellings(file).reduce((rest, spelling) => rest.replaceAll(spelling, `(its path, ${file.length} characters)`), text)
  return Object.assign(new Error(message), { code: codeOf(cause) })
}

/** How Node.js and the system's loader may write a path, longest first, because one may contain another. @param {string} file */
function spellings(file) {
  const plain = [file, path.normalize(file), realPathOf(file)].flatMap((one) => [one, path.toNamespacedPath(one)])
  return [...new Set(plain.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]))].sort((one, other) => other.length - one.length)
}

/** @param {string} file */
function realPathOf(file) {
  try {
    return fs.realpathSync(file)
  } catch {
    return file
  }
}

/**
 * @param {string} version of the main package
 * @param {string | undefined} found the addon's
 */
function ofAnotherVersion(version, found) {
  const which = found === undefined ? 'an unknown version' : `version ${found}`
  return addonError(
    `azure-client-token ${version} found a native addon of ${which}, which it cannot use. Install both packages at ` +
      'the same version: remove the platform\'s package from overrides and resolutions, and run npm install again. In a checkout, run npm run build.',
  )
}

/** @param {string} variable */
function noAddonFile(variable) {
  return addonError(`${variable} is not the absolute path of a .node file. Set it to one, or unset it.`)
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
function addonError(message, cause) {
  const helpAnchor = 'the-addon-does-not-load'
  return errorOf({ kind: 'failure', code: 'ERR_ADDON', message, retryable: false, helpAnchor, settings: [], attempts: [], causes: [], cause })
}

/** @param {unknown} cause */
function isUnmappedForWantOfMemory(cause) {
  const [, file] = (cause instanceof Error && UNMAPPED.exec(cause.message)) || []
  return file !== undefined && isOnMountWithExecution(file)
}

/**
 * Returns whether programs can be run from the file system of a file. If that cannot be found out, the answer is no.
 * @param {string} file
 */
function isOnMountWithExecution(file) {
  try {
    const real = fs.realpathSync(file)
    const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').map((line) => line.split(' '))
    // proc(5): the fifth field is the mount point, in which spaces are octal numbers; the sixth one has the options.
    const holding = mounts.filter(([, , , , place]) => isWithin(real, place.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8)))))
    const [, , , , , options] = holding.reduce((one, other) => (other[4].length >= one[4].length ? other : one))
    return !options.split(',').includes('noexec')
  } catch {
    return false
  }
}

/** @param {string} file @param {string} folder */
function isWithin(file, folder) {
  return folder === '/' || file.startsWith(`${folder}/`)
}

function adviceOnMissing() {
  if (isBundled()) return BUNDLED
  const others = neighbours()
  if (others.length === 0) return MISSING
  return `node_modules was installed for ${others.join(', ')}. Run npm install again on the platform where the program runs.`
}

/** @param {unknown} reason */
function adviceOn(reason) {
  const text = `${codeOf(reason)} ${reason}`
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(text)) ?? []
  return (typeof advice === 'function' ? advice() : advice) ?? 'TROUBLESHOOTING.md has the causes.'
}

function disabled() {
  if ('permission' in process) return 'Start Node.js with --allow-addons: under --permission it loads no addon.'
  return 'Start Node.js without --no-addons, which may also be in NODE_OPTIONS.'
}

/** The platforms whose packages are installed beside this one. */
function neighbours() {
  const names = entriesOf(path.join(__dirname, '..', '..')).filter((name) => name.startsWith(PREFIX))
  return names.map((name) => name.slice(PREFIX.length)).filter((name) => /^(linux|darwin|win32)-/.test(name))
}

/** Whether this file is part of a bundle: then no manifest of the package is above it. */
function isBundled() {
  if (typeof __dirname !== 'string') return true
  try {
    return JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')).name !== 'azure-client-token'
  } catch {
    return true
  }
}

/** @param {string} folder */
function entriesOf(folder) {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** @param {unknown} error */
function sentence(error) {
  // Windows ends its messages with a carriage return.
  const [line] = String(error instanceof Error ? error.message : error).split(/\r?\n/)
  return /[.!?]$/.test(line) ? line : `${line}.`
}

/** @param {unknown} cause */
function isMissing(cause) {
  return ['MODULE_NOT_FOUND', 'ERR_UNKNOWN_BUILTIN_MODULE'].includes(codeOf(cause))
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function machine() {
  return `${process.platform}-${process.arch}`
}

module.exports = { explicitNotLoaded, noAddonFile, notLoaded, ofAnotherVersion }
