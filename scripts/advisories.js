// @ts-check
'use strict'

// Looks for known vulnerabilities in the crates of the addon (RustSec, by cargo-deny) and in the npm packages that build and
// test it. The databases are on hosts that a closed machine cannot reach: then this program reports that and succeeds,
// unless --required says that they must answer, as in a release.
//
//   node scripts/advisories.js [--required] [--deny-config FILE]

const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { parseArgs } = require('node:util')
const { npmInvocation } = require('./npm')

const root = path.join(__dirname, '..')
/** A database may also hang instead of failing. */
const PATIENCE = 60_000

/** @typedef {'none' | 'some' | 'unknown'} Finding */

function main() {
  const options = /** @type {const} */ ({ required: { type: 'boolean', default: false }, 'deny-config': { type: 'string', default: 'deny.toml' } })
  const { required, 'deny-config': config } = parseArgs({ options }).values
  const findings = { RustSec: crates(String(config)), npm: packages() }
  for (const [database, finding] of Object.entries(findings)) console.log(sentence(database, finding))
  const failing = required ? ['some', 'unknown'] : ['some']
  process.exitCode = Object.values(findings).some((finding) => failing.includes(finding)) ? 1 : 0
}

/** @param {string} config @returns {Finding} */
function crates(config) {
  const cargoDeny = (/** @type {string[]} */ ...words) => run('cargo', ['deny', '--locked', '--config', config, ...words])
  if (cargoDeny('fetch', 'db').status !== 0) return 'unknown'
  const { status, stderr } = cargoDeny('check', 'advisories')
  if (status !== 0) console.error(stderr)
  return status === 0 ? 'none' : 'some'
}

/**
 * The published package has no dependencies. The packages that build and test it must have no advisory that npm calls high
 * or critical.
 * @returns {Finding}
 */
function packages() {
  const { command, parameters, shell } = npmInvocation(['audit', '--json', '--audit-level', 'high'])
  const { status, stdout } = run(command, parameters, shell)
  if (!stdout.includes('"auditReportVersion"')) return 'unknown'
  if (status !== 0) console.error(stdout)
  return status === 0 ? 'none' : 'some'
}

/**
 * @param {string} command
 * @param {string[]} parameters
 * @param {boolean} [shell]
 */
function run(command, parameters, shell = false) {
  return spawnSync(command, parameters, { cwd: root, shell, encoding: 'utf8', timeout: PATIENCE, maxBuffer: 64 << 20 })
}

/**
 * @param {string} database
 * @param {Finding} finding
 */
function sentence(database, finding) {
  if (finding === 'none') return `${database}: no advisory`
  if (finding === 'some') return `${database}: there are advisories, see above`
  return `${database}: the database of advisories did not answer, so nothing was checked`
}

main()
