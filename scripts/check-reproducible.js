// @ts-check
'use strict'

// Builds the addon in two folders, each with its own CARGO_HOME, and compares the bytes. It takes two whole builds, so it is
// not one of the tests.

const { execFileSync, spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const root = path.join(__dirname, '..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-twice-'))
try {
  const hashes = ['one', path.join('another', 'place')].map((place) => buildIn(path.join(folder, place)))
  console.log(hashes.join('\n'))
  process.exitCode = hashes[0] === hashes[1] ? 0 : 1
  if (process.exitCode) console.error('The bytes of the addon depend on the folder in which it is built.')
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}

/** @param {string} place */
function buildIn(place) {
  const checkout = copyCheckout(path.join(place, 'checkout'))
  const env = { ...process.env, CARGO_HOME: cargoHome(path.join(place, 'cargo')), CARGO_TARGET_DIR: path.join(place, 'target') }
  const { status } = spawnSync(process.execPath, ['scripts/build.js'], { cwd: checkout, env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`the build in ${checkout} failed`)
  const addon = fs.readdirSync(checkout).find((file) => file.endsWith('.node'))
  return createHash('sha256').update(fs.readFileSync(path.join(checkout, String(addon)))).digest('hex')
}

/** Returns the current files that git knows. @param {string} checkout */
function copyCheckout(checkout) {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
  for (const file of files) fs.cpSync(path.join(root, file), path.join(checkout, file))
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'))
  return checkout
}

/** Uses another place for the same crates, with everything that cargo has already fetched. @param {string} home */
function cargoHome(home) {
  const known = process.env.CARGO_HOME ?? path.join(os.homedir(), '.cargo')
  fs.mkdirSync(home, { recursive: true })
  for (const entry of fs.readdirSync(known)) fs.symlinkSync(path.join(known, entry), path.join(home, entry))
  return home
}
