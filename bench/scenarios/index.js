// @ts-check
'use strict'

/** @typedef {import('../types').Scenario} Scenario */

/**
 * In the order of the report: the costs at a program's start, during its run, for errors, and of its dependencies.
 *
 * @type {Scenario[]}
 */
const SCENARIOS = [
  require('./load'),
  require('./one-token'),
  require('./beside-curl'),
  require('./first-token-requests'),
  require('./warm'),
  require('./growth'),
  require('./workers'),
  require('./assertions'),
  require('./first-calls'),
  ...require('./many-keys'),
  require('./slow-service'),
  require('./two-credentials'),
  require('./cli-calls'),
  require('./processes'),
  require('./stored'),
  require('./command'),
  require('./pods'),
  require('./refresh-due'),
  require('./failing-calls'),
  require('./refused'),
  require('./untrusted-ca'),
  require('./nothing-configured'),
  require('./roots'),
  require('./proxy'),
  require('./secret-visible'),
  require('./installed-size'),
  require('./drop-in'),
]

/**
 * @param {string[]} names parts of names; all scenarios without one
 * @returns {Scenario[]}
 */
function chooseScenarios(names) {
  const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name.includes(name)))
  if (unknown !== undefined) {
    throw new Error(`no scenario has the name ${unknown}; the scenarios are ${SCENARIOS.map(({ name }) => name).join(', ')}`)
  }
  if (names.length === 0) return SCENARIOS
  return SCENARIOS.filter((scenario) => names.some((name) => scenario.name.includes(name)))
}

module.exports = { chooseScenarios }
