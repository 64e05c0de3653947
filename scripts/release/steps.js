// @ts-check
'use strict'

// The steps of a release that need no network: the checks, the tarballs and the files beside them.

const { execFileSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { pack, platformTargets } = require('../pack')
const { packEmulator } = require('../pack-emulator')
const { packIdentity } = require('../pack-identity')
const manifest = require('../../package.json')

const root = path.join(__dirname, '..', '..')

/**
 * @typedef {object} Release
 * @property {string[]} tarballs in the order in which they are published: a main package whose platforms are missing
 *   installs without an addon
 * @property {string[]} files all files of a release: tarballs, bills of material, checksums
 */

/**
 * The version has one place, package.json; `npm version` copies it to the others (scripts/copy-version.js).
 * @param {boolean} isRelease of a dry run, the changes may still be unreleased
 */
function checkVersion(isRelease) {
  const { version } = manifest
  execFileSync(process.execPath, [path.join(root, 'scripts', 'copy-version.js'), '--check'], { stdio: 'inherit' })
  const changes = fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8')
  const described = changes.includes(`\n## [${version}] - `)
  if (isRelease && !described) throw new Error(`CHANGELOG.md has no section for ${version}. Give its "Unreleased" section that version and the date.`)
}

/**
 * A package is published for every platform, or for none.
 * @param {string} addons the folder
 */
function checkAddons(addons) {
  const built = fs.readdirSync(addons)
  const names = platformTargets().map(({ platformArchABI }) => platformArchABI)
  const missing = names.filter((name) => !built.includes(`${manifest.napi.binaryName}.${name}.node`))
  if (missing.length > 0) throw new Error(`${missing.length} addons are missing in ${addons}: ${missing.join(', ')}. Build them on their platforms.`)
}

/**
 * @param {string} addons the folder
 * @param {string} out
 * @returns {Release}
 */
function packAll(addons, out) {
  fs.rmSync(out, { recursive: true, force: true })
  const { main, platforms, sboms } = pack({ out, addons, sbom: true })
  const tarballs = [...Object.values(platforms), main, packEmulator({ out }), packIdentity({ out })]
  return { tarballs, files: [...tarballs, ...sboms, writeChecksums(out, [...tarballs, ...sboms])] }
}

/**
 * In the format that `sha256sum --check` reads.
 * @param {string} out
 * @param {string[]} files
 */
function writeChecksums(out, files) {
  const hash = (/** @type {string} */ file) => createHash('sha256').update(fs.readFileSync(file)).digest('hex')
  const list = path.join(out, 'SHA256SUMS')
  fs.writeFileSync(list, files.map((file) => `${hash(file)}  ${path.basename(file)}\n`).join(''))
  return list
}

module.exports = { checkAddons, checkVersion, packAll }
