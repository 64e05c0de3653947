// @ts-check
'use strict'

// Checks the tarballs that a user would install with publint and are-the-types-wrong.
//
//   node scripts/lint-package.js [TARBALL…]     without tarballs: packs them first

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { pack } = require('./pack')

/** Neither package exports its command, so each is found beside its manifest. */
const publint = path.join(path.dirname(require.resolve('publint')), 'cli.js')
const areTheTypesWrong = path.join(path.dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist', 'index.js')

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-lint-'))
try {
  const given = process.argv.slice(2)
  const tarballs = given.length > 0 ? given : packed()
  for (const tarball of tarballs) lint(tarball)
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}

function packed() {
  const { main, platforms } = pack({ out: folder })
  return [main, ...Object.values(platforms)]
}

/** @param {string} tarball */
function lint(tarball) {
  run(publint, ['run', tarball, '--strict'])
  if (isAddon(tarball)) return
  run(areTheTypesWrong, [tarball])
}

/**
 * A platform package contains an addon and no types to check.
 * @param {string} tarball
 */
function isAddon(tarball) {
  return /-(linux|darwin|win32)-/.test(path.basename(tarball))
}

/**
 * @param {string} command
 * @param {string[]} parameters
 */
function run(command, parameters) {
  console.log(`${command === publint ? 'publint' : 'attw'} ${parameters.join(' ')}`)
  const { status } = spawnSync(process.execPath, [command, ...parameters], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
