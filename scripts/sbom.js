// @ts-check
'use strict'

// Software bills of materials in CycloneDX's format: the content of each package of a release, as the package managers' own
// tools list it. The same source gives the same bytes, because the bills contain no time and no unique number.

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { npmInvocation } = require('./npm')

const root = path.join(__dirname, '..')

/**
 * The bill of the crates in an addon. It includes macros: they generate some of the code, although their own is not compiled
 * in.
 * @param {string} triple the platform, as Rust names it
 * @param {string} file where to
 */
function writeAddonSbom(triple, file) {
  const name = `sbom-${process.pid}`
  const settings = ['--format', 'json', '--spec-version', '1.5', '--no-build-deps', '--target', triple]
  const env = { ...process.env, SOURCE_DATE_EPOCH: '0' }
  execFileSync('cargo', ['cyclonedx', '-q', ...settings, '--override-filename', name], { cwd: root, env, stdio: 'inherit' })
  const written = path.join(root, `${name}.json`)
  const anywhere = fs.readFileSync(written, 'utf8').replaceAll(root, '')
  writeSbom(JSON.parse(anywhere), file)
  // The tool writes one for each member of the workspace.
  for (const place of [written, path.join(root, 'crates', 'core', `${name}.json`)]) fs.rmSync(place)
}

/**
 * The bill of the main package, which has no dependencies.
 * @param {string} folder with its package.json, and named as the package is
 * @param {string} file where to
 */
function writePackageSbom(folder, file) {
  const { command, parameters, shell } = npmInvocation(['sbom', '--sbom-format', 'cyclonedx', '--omit', 'optional', '--omit', 'peer'])
  const printed = execFileSync(command, parameters, { cwd: folder, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  writeSbom(JSON.parse(printed), file)
}

/**
 * @param {Record<string, any>} bill
 * @param {string} file
 */
function writeSbom({ serialNumber, ...bill }, file) {
  delete bill.metadata.timestamp
  fs.writeFileSync(file, JSON.stringify(bill, null, 2) + '\n')
}

module.exports = { writeAddonSbom, writePackageSbom }
