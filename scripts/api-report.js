// @ts-check
'use strict'

// Writes etc/api.md: every declaration of the package without its comments. So a review sees a change of the public
// interface apart from changes of the documentation.
//
//   node scripts/api-report.js

const fs = require('node:fs')
const path = require('node:path')
const ts = require('typescript')
const { exports: entries } = require('../package.json')

const root = path.join(__dirname, '..')
const place = path.join(root, 'etc', 'api.md')

function report() {
  const declarations = Object.entries(entries).flatMap(([name, entry]) => (typeof entry === 'object' ? [section(name, entry.types)] : []))
  return ['# The public surface', 'Written by `node scripts/api-report.js`; a test compares it.', ...declarations].join('\n\n') + '\n'
}

/**
 * @param {string} name a key of `exports` in package.json
 * @param {string} file
 */
function section(name, file) {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest)
  const printed = ts.createPrinter({ removeComments: true }).printFile(source).trim()
  return `## ${path.posix.join('azure-client-token', name)}\n\n\`\`\`ts\n${printed}\n\`\`\``
}

if (require.main === module) fs.writeFileSync(place, report())

module.exports = { place, report }
