// @ts-check
'use strict'

const { readdirSync, readFileSync, statSync } = require('node:fs')
const { dirname, join } = require('node:path')

const { OURS } = require('../settings')

const BENCH = join(__dirname, '..')
const MEGABYTE = 1e6

const identitySize = () => sizeOfPeer('@azure/identity')
const msalSize = () => sizeOfPeer('@azure/msal-node')

/** The main package, and the one with the addon of this platform. */
function sizeOfOurs() {
  const modules = dirname(OURS)
  const packages = readdirSync(modules).filter((name) => !name.startsWith('.')).map((name) => join(modules, name))
  return { size: packages.map(sizeOfFolder).reduce((sum, size) => sum + size) / MEGABYTE, packages: packages.length }
}

/**
 * The size of a package with everything that npm installs for it, by the lock file.
 *
 * @param {string} name
 */
function sizeOfPeer(name) {
  const { packages } = JSON.parse(readFileSync(join(BENCH, 'package-lock.json'), 'utf8'))
  const folders = closure(packages, `node_modules/${name}`, new Set())
  const bytes = [...folders].reduce((sum, folder) => sum + sizeOfFolder(join(BENCH, folder)), 0)
  return { size: bytes / MEGABYTE, packages: folders.size }
}

/**
 * @param {Record<string, { dependencies?: Record<string, string> }>} packages
 * @param {string} folder
 * @param {Set<string>} found
 */
function closure(packages, folder, found) {
  if (found.has(folder)) return found
  found.add(folder)
  for (const name of Object.keys(packages[folder].dependencies ?? {})) {
    closure(packages, nearest(packages, folder, name), found)
  }
  return found
}

/**
 * The folder in which Node.js finds a dependency: that of the dependent package, or one above it.
 *
 * @param {Record<string, unknown>} packages
 * @param {string} folder
 * @param {string} name
 * @returns {string}
 */
function nearest(packages, folder, name) {
  const candidate = `${folder && `${folder}/`}node_modules/${name}`
  if (candidate in packages) return candidate
  if (folder === '') throw new Error(`${name} is not in the lock file`)
  return nearest(packages, folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/'))), name)
}

/** @param {string} folder without the packages inside it */
function sizeOfFolder(folder) {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) bytes += statSync(path).size
    else if (entry.name !== 'node_modules') bytes += sizeOfFolder(path)
  }
  return bytes
}

module.exports = { identitySize, msalSize, sizeOfOurs }
