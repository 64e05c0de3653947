// @ts-check
'use strict'

// A release, from the built addons to the registry. The release workflow runs this program. With --dry-run anyone can: then
// it does everything that is possible on one machine, which is the tarballs, their lints, bills of materials and checksums,
// and an installation from a local registry by every package manager.
//
//   node scripts/release.js [--dry-run] [--addons DIR]
//
// Without --addons, a dry run builds what this machine can build and dist/addons lacks.

const { execFileSync } = require('node:child_process')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { checkAddons, checkVersion, packAll } = require('./release/steps')
const { publish, tryRelease } = require('./release/install-check')

const root = path.join(__dirname, '..')
const out = path.join(root, 'dist', 'release')

async function main() {
  const options = /** @type {const} */ ({ 'dry-run': { type: 'boolean', default: false }, addons: { type: 'string' } })
  const { 'dry-run': isDry, addons: given } = parseArgs({ options }).values
  const addons = path.resolve(given ?? path.join(root, 'dist', 'addons'))
  step('version')
  checkVersion(!isDry)
  step('advisories')
  script('advisories.js', ...(isDry ? [] : ['--required']))
  if (!isDry) checkAddons(addons)
  else if (!given) script('build-all.js', '--missing')
  step('tarballs, bills of material, checksums')
  const { tarballs, files } = packAll(addons, out)
  step('lint')
  script('lint-package.js', ...tarballs)
  step('installation from a local registry')
  await tryRelease(tarballs)
  step(isDry ? 'a release would publish, in this order' : 'publish')
  for (const tarball of tarballs) {
    console.log(path.basename(tarball))
    if (!isDry) await publish(tarball, ['--provenance'])
  }
  console.log(`\n${files.length} files are in ${path.relative(root, out)}`)
}

/** @param {string} title */
function step(title) {
  console.log(`\n=== ${title}`)
}

/**
 * @param {string} name
 * @param {string[]} parameters
 */
function script(name, ...parameters) {
  execFileSync(process.execPath, [path.join(__dirname, name), ...parameters], { cwd: root, stdio: 'inherit' })
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
