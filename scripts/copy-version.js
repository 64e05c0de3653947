// @ts-check
'use strict'

// package.json is the only place for the version. `npm version` changes it there and runs this program, which copies it to
// where cargo needs it; npm itself updates its lock file.
//
//   node scripts/copy-version.js [--check]     --check only compares

const fs = require('node:fs')
const path = require('node:path')
const { version } = require('../package.json')

const root = path.join(__dirname, '..')
/** The first line of this form is the workspace's, from which the crates take the version. */
const IN_MANIFEST = /^(version = )".*"$/m
const IN_LOCK = /^(name = "azure-client-token(?:-core)?"\nversion = )".*"$/gm
/** @type {Record<string, RegExp>} */
const PLACES = { 'Cargo.toml': IN_MANIFEST, 'Cargo.lock': IN_LOCK, [path.join('fuzz', 'Cargo.lock')]: IN_LOCK }

for (const [place, pattern] of Object.entries(PLACES)) {
  const file = path.join(root, place)
  const text = fs.readFileSync(file, 'utf8')
  const wanted = text.replace(pattern, `$1"${version}"`)
  if (text === wanted) continue
  if (process.argv.includes('--check')) report(place)
  else fs.writeFileSync(file, wanted)
}

/** @param {string} place */
function report(place) {
  console.error(`${place} and package.json have different versions. Run \`npm version\`, or node scripts/copy-version.js.`)
  process.exitCode = 1
}
