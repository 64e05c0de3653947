// @ts-check
'use strict'

// Makes the tarball of the package azure-client-token-identity: the folder packages/identity, with the version of the main
// package, on which it depends at exactly that version.
//
//   node scripts/pack-identity.js --out DIR        prints the tarball's path

const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { npmPack } = require('./npm')

const root = path.join(__dirname, '..')
const source = path.join(root, 'packages', 'identity')

/**
 * @param {{ out: string }} options
 * @returns {string} an absolute path
 */
function packIdentity({ out }) {
  fs.mkdirSync(out, { recursive: true })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-identity-'))
  try {
    fs.cpSync(source, folder, { recursive: true })
    fs.cpSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'))
    fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
    return npmPack(folder, out)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function manifest() {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const own = JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8'))
  return { ...own, version, dependencies: { [name]: version } }
}

if (require.main === module) {
  const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } }).values
  console.log(packIdentity({ out: path.resolve(/** @type {string} */ (out)) }))
}

module.exports = { packIdentity }
