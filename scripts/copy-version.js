// @ts-check
'use strict'

// package.json is the one place for the version. `npm version` changes it there and runs this, which copies it to where
// cargo wants it; npm itself does so for its lock file.
//
//   node scripts/copy-version.js [--check]     --check only compares

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { version } = require('../package.json')

const root = path.join(__dirname, '..')
const manifest = path.join(root, 'Cargo.toml')
/** The first line of that form is the workspace's; the crates take theirs from there. */
const VERSION = /^version = ".*"$/m

const text = fs.readFileSync(manifest, 'utf8')
const wanted = text.replace(VERSION, `version = "${version}"`)
if (process.argv.includes('--check')) check()
else copy()

function check() {
  if (text === wanted) return
  console.error(`Cargo.toml and package.json have different versions. Run \`npm version\`, or node scripts/copy-version.js.`)
  process.exitCode = 1
}

/** Cargo writes its lock files when it looks at the workspace. */
function copy() {
  fs.writeFileSync(manifest, wanted)
  for (const place of ['.', 'fuzz']) execFileSync('cargo', ['update', '--workspace', '--offline'], { cwd: path.join(root, place), stdio: 'inherit' })
}
