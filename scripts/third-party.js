// @ts-check
'use strict'

// The licences of the crates in an addon: they require that their texts accompany the code.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const root = path.join(__dirname, '..')

/**
 * @typedef {object} Crate
 * @property {string} name
 * @property {string} version
 * @property {string} license an SPDX expression
 * @property {string | null} source null for our own
 * @property {string} manifest_path
 */

/**
 * @param {string} triple the platform, as Rust names it
 * @returns {string} one text for all crates, equal texts once
 */
function thirdPartyLicenses(triple) {
  const sections = [...byText(compiledIn(triple))].map(([text, crates]) => section(crates, text))
  return [`The Rust crates in this addon, and their licences.\n`, ...sections].join(`\n${'-'.repeat(80)}\n\n`)
}

/**
 * Returns the crates in the binding, without build scripts and macros, which only run during the build. `cargo metadata`
 * cannot show this: its graph includes weak dependencies that nothing enables.
 * @param {string} triple
 * @returns {Crate[]}
 */
function compiledIn(triple) {
  const shape = ['-e', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}']
  const lines = cargo('tree', '--locked', '--target', triple, ...shape).split('\n')
  const compiled = new Set(lines.map((line) => line.split(' ').slice(0, 2).join(' ')))
  /** @type {{ packages: Crate[] }} */
  const { packages } = JSON.parse(cargo('metadata', '--locked', '--format-version', '1', '--filter-platform', triple))
  return packages.filter(({ name, version, source }) => source !== null && compiled.has(`${name} v${version}`))
}

/** @param {string[]} parameters */
function cargo(...parameters) {
  // The output limit of Node.js is 1 MiB by default.
  return execFileSync('cargo', parameters, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'inherit'] })
}

/**
 * @param {Crate[]} crates
 * @returns {Map<string, Crate[]>}
 */
function byText(crates) {
  /** @type {Map<string, Crate[]>} */
  const texts = new Map()
  for (const crate of crates.sort(byName)) {
    const text = licenseText(crate)
    texts.set(text, [...(texts.get(text) ?? []), crate])
  }
  return texts
}

/**
 * @param {Crate} a
 * @param {Crate} b
 */
function byName(a, b) {
  return `${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1
}

/**
 * Returns the licence that this package uses, if there is a choice: MIT, as its own. A crate without a licence text has only
 * its expression.
 * @param {Crate} crate
 */
function licenseText({ license, manifest_path: manifest }) {
  const folder = path.dirname(manifest)
  const files = fs.readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice)/i.test(file))
  const [mit] = files.filter((file) => /mit/i.test(file))
  const texts = (mit ? [mit] : files).map((file) => path.join(folder, file)).filter((file) => fs.statSync(file).isFile())
  return texts.map((file) => fs.readFileSync(file, 'utf8').trim()).join('\n\n') || `Licensed under ${license}.`
}

/**
 * @param {Crate[]} crates
 * @param {string} text
 */
function section(crates, text) {
  const names = crates.map(({ name, version, license }) => `${name} ${version} (${license})`)
  return `${names.join('\n')}\n\n${text}\n`
}

module.exports = { thirdPartyLicenses }
