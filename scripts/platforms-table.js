// @ts-check
'use strict'

// Writes the table of docs/platforms.md from the report of `npm run build:all` and `npm run test:platforms`.

const fs = require('node:fs')
const path = require('node:path')
const { needs, readReport } = require('./cross/report')
const { crossTargets } = require('./cross/targets')

const file = path.join(__dirname, '..', 'docs', 'platforms.md')
/** The text between the lines that say what writes it. */
const TABLE = /(<!-- table: .*-->\n)[\s\S]*?(<!-- end of the table -->)/

const report = readReport()
const rows = crossTargets.map((target) => row(target, report[target.addon]))
const table = ['| package | built as | size | needs | run with |', '| --- | --- | --- | --- | --- |', ...rows, ''].join('\n')
fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(TABLE, `$1\n${table}\n$2`))

/**
 * @param {import('./cross/targets').CrossTarget} target
 * @param {import('./cross/report').Outcome} [outcome]
 */
function row({ addon, triple, without }, outcome) {
  const name = `\`azure-client-token-${addon}\``
  if (without) return `| ${name} | ${outcome?.checked ? `on Linux type-checked as \`${triple}\`, not linked` : 'not on Linux'}: ${without} | | | |`
  if (!outcome?.bytes) return `| ${name} | \`${triple}\`, not built when this was written | | | |`
  const size = `${(outcome.bytes / 1e6).toFixed(2)} MB`
  return `| ${name} | \`${triple}\` | ${size} | ${needs(outcome)} | ${outcome.ran ?? 'not run'} |`
}
