// @ts-check
'use strict'

// The report on what was built and run for each platform: it is kept beside the addons, printed, and written into
// docs/platforms.md.

const fs = require('node:fs')
const path = require('node:path')

const file = path.join(__dirname, '..', '..', 'dist', 'addons', 'report.json')

/**
 * @typedef {object} Outcome
 * @property {boolean} [failed]
 * @property {boolean} [checked] that the code compiles for a platform for which it was not linked
 * @property {number} [bytes]
 * @property {number} [seconds]
 * @property {string[]} [libraries]
 * @property {string} [glibc]
 * @property {string} [ran] the runtime that got a token with the addon
 */

/** @returns {Record<string, Outcome>} by platform */
function readReport() {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {}
}

/**
 * A new build has not run yet.
 * @param {string} addon
 * @param {Outcome} outcome
 */
function noteBuild(addon, outcome) {
  return write({ ...readReport(), [addon]: outcome })[addon]
}

/**
 * @param {string} addon
 * @param {string} runtime
 */
function noteRun(addon, runtime) {
  const report = readReport()
  return write({ ...report, [addon]: { ...report[addon], ran: runtime } })[addon]
}

/** @param {Record<string, Outcome>} report */
function write(report) {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, JSON.stringify(report, null, 2) + '\n')
  return report
}

/**
 * @param {import('./targets').CrossTarget} target
 * @param {Outcome} [outcome]
 */
function outcomeLine({ addon, without }, outcome) {
  if (!outcome) return `${addon}: not built here: ${without}`
  if (outcome.failed) return `${addon}: FAILED`
  if (outcome.checked) return `${addon}: type-checked in ${outcome.seconds} s, not linked: ${without}`
  return `${addon}: ${outcome.bytes} bytes, needs ${needs(outcome)}, ${outcome.seconds} s`
}

/** @param {Outcome} outcome */
function needs({ glibc, libraries = [] }) {
  if (glibc) return `glibc ${glibc} or newer`
  return libraries.length > 0 ? libraries.join(', ') : 'only libraries of the system'
}

module.exports = { needs, noteBuild, noteRun, outcomeLine, readReport }
