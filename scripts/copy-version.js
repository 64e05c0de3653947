// @ts-check
'use strict'

// package.json is the one place for the version. `npm version` changes it there and runs this, which copies it to where
// cargo wants it; npm itself does so for its lock file.
//
//   node scripts/copy-version.js [--check]     --check only compares

const fs = require('node:fs')
const path = require('node:path')
const { version } = require('../package.json')

const root = path.join(__dirname, '..')
/** The first line of that form is the workspace's; the crates take theirs from there. */
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
