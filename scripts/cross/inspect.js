// @ts-check
'use strict'

// Finds out what a built addon needs from the system that loads it.

const { execFileSync } = require('node:child_process')

/**
 * @typedef {object} Needs
 * @property {string[]} libraries
 * @property {string} [glibc] the oldest version that has every function
 */

/** @param {string} addon a file of ELF form @returns {Needs} */
function needsOf(addon) {
  const dynamic = readelf('--dynamic', addon)
  const versions = [...readelf('--version-info', addon).matchAll(/GLIBC_([\d.]+)/g)].map(([, version]) => version)
  return {
    libraries: [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, library]) => library),
    ...(versions.length > 0 && { glibc: versions.sort(byVersion)[versions.length - 1] })
  }
}

/** The libraries of every Windows that the addon may use. */
const OF_WINDOWS = /^(api-ms-win-core-.*|advapi32|bcrypt|bcryptprimitives|crypt32|kernel32|msvcrt|ntdll|ws2_32)\.dll$/i

/**
 * @param {string} addon a file in Windows' format
 * @param {NodeJS.ProcessEnv} env in which the compilers are found
 * @returns {Needs} without the libraries that every Windows has
 */
function needsOfWindows(addon, env) {
  const headers = execFileSync('x86_64-w64-mingw32-objdump', ['--private-headers', addon], { encoding: 'utf8', env, maxBuffer: 16 << 20 })
  const libraries = [...headers.matchAll(/DLL Name: (\S+)/g)].map(([, library]) => library)
  return { libraries: [...new Set(libraries)].filter((library) => !OF_WINDOWS.test(library)) }
}

/** @param {string} addon @returns {string[]} the functions that the addon imports */
function importsOf(addon) {
  const rows = readelf('--dyn-syms', addon).split('\n').filter((row) => row.includes(' UND '))
  return rows.map((row) => row.trim().split(/\s+/)[7]?.split('@')[0]).filter(Boolean)
}

/**
 * @param {string} archive of compiled objects
 * @returns {string[]} the functions that they call and that none of them has, without those of the linker
 */
function callsOf(archive) {
  const rows = readelf('--syms', archive).split('\n').map((row) => row.trim().split(/\s+/)).filter(({ length }) => length === 8)
  const defined = new Set(rows.filter(([, , , , , , section]) => section !== 'UND').map(([, , , , , , , name]) => name))
  const names = new Set(rows.map(([, , , , , , , name]) => name))
  return [...names].filter((name) => name !== 'Name' && name !== '_GLOBAL_OFFSET_TABLE_' && !defined.has(name))
}

/**
 * @param {string} what
 * @param {string} addon
 */
function readelf(what, addon) {
  return execFileSync('readelf', ['--wide', what, addon], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 16 << 20 })
}

/**
 * @param {string} a
 * @param {string} b
 */
function byVersion(a, b) {
  return a.localeCompare(b, 'en', { numeric: true })
}

module.exports = { callsOf, importsOf, needsOf, needsOfWindows }
