// @ts-check
'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { callsOf } = require('../../scripts/cross/inspect')

const target = process.env.CARGO_TARGET_DIR ?? path.join(__dirname, '..', '..', 'target')

/**
 * ring's C code in the last release build of this checkout: the compiler's flags, and the external functions that the code calls.
 * @returns {{ flags: string, calls: string[] } | undefined}
 */
function compiledC() {
  const builds = namesIn(target).flatMap((triple) => foldersOfRing(path.join(target, triple, 'release', 'build')))
  const [last] = builds.sort((one, other) => fs.statSync(other).mtimeMs - fs.statSync(one).mtimeMs)
  if (last === undefined) return undefined
  const archives = namesIn(path.join(last, 'out')).filter((name) => /^libring_core_[\d_]+\.a$/.test(name))
  const [, flags = ''] = /^CFLAGS = Some\((.*)\)$/m.exec(fs.readFileSync(path.join(last, 'output'), 'utf8')) ?? []
  return { flags, calls: archives.flatMap((name) => callsOf(path.join(last, 'out', name))) }
}

/** The folders in which its C code was compiled. Its build script has a separate folder. @param {string} folder */
function foldersOfRing(folder) {
  const folders = namesIn(folder).filter((name) => name.startsWith('ring-')).map((name) => path.join(folder, name))
  return folders.filter((place) => fs.existsSync(path.join(place, 'output')))
}

/** @param {string} folder */
function namesIn(folder) {
  return fs.existsSync(folder) && fs.statSync(folder).isDirectory() ? fs.readdirSync(folder) : []
}

module.exports = { compiledC }
