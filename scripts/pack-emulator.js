// @ts-check
'use strict'

// Makes the tarball of the package azure-client-token-emulator: the folder emulator/, the declarations that TypeScript
// derives from its comments, and the version of the main package.
//
//   node scripts/pack-emulator.js --out DIR        prints the tarball's path

const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { npmPack } = require('./npm')
const { repository } = require('./pack')

const root = path.join(__dirname, '..')
const emulator = path.join(root, 'emulator')

/**
 * @param {{ out: string }} options
 * @returns {string} an absolute path
 */
function packEmulator({ out }) {
  fs.mkdirSync(out, { recursive: true })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-emulator-'))
  try {
    fs.cpSync(emulator, folder, { recursive: true })
    fs.cpSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'))
    declare(folder)
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
    const manifest = JSON.parse(fs.readFileSync(path.join(emulator, 'package.json'), 'utf8'))
    fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify({ ...manifest, version, ...repository() }, null, 2)}\n`)
    return npmPack(folder, out)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes the types in the comments as declarations, beside each file. @param {string} folder */
function declare(folder) {
  const options = ['--allowJs', '--declaration', '--emitDeclarationOnly', '--skipLibCheck', '--target', 'es2022', '--module', 'node16', '--types', 'node']
  const entries = ['index.js', 'spawn.js', 'certificates.js'].map((file) => path.join(emulator, file))
  const arguments_ = [require.resolve('typescript/bin/tsc'), ...options, '--rootDir', emulator, '--outDir', folder, ...entries]
  execFileSync(process.execPath, arguments_, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}

if (require.main === module) {
  const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values
  console.log(packEmulator({ out: path.resolve(/** @type {string} */ (out)) }))
}

module.exports = { packEmulator }
