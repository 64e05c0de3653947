// @ts-check
'use strict'

const { writeFileSync } = require('node:fs')

const { ratio } = require('./table')

/**
 * @param {string} file
 * @param {import('../types').Machine} machine
 * @param {import('../types').ScenarioReport[]} reports
 * @param {boolean} quick
 */
function writeJson(file, machine, reports, quick) {
  const document = { machine, quick, scenarios: reports.map(describe) }
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
}

/** @param {import('../types').ScenarioReport} report */
function describe({ scenario, outcomes, verdicts, skipped, seconds }) {
  const { name, title, note } = scenario
  const metrics = scenario.metrics.map(({ key, label, unit, over }) => ({ key, label, unit, over }))
  const subjects = outcomes.map((outcome) => ({
    name: outcome.subject.name,
    failure: outcome.failure,
    pending: outcome.subject.pending,
    samples: outcome.samples,
    metrics: withRatios(outcome, scenario, outcomes),
  }))
  return { name, title, note, skipped, seconds, metrics, subjects, targets: verdicts }
}

/**
 * @param {import('../types').Outcome} outcome
 * @param {import('../types').Scenario} scenario
 * @param {import('../types').Outcome[]} outcomes
 */
function withRatios(outcome, scenario, outcomes) {
  return Object.fromEntries(scenario.metrics
    .filter(({ key }) => outcome.metrics[key])
    .map((metric) => {
      const timesOurs = ratio(outcome, metric, outcomes)
      return [metric.key, { ...outcome.metrics[metric.key], timesOurs: Number.isFinite(timesOurs) ? timesOurs : undefined }]
    }))
}

module.exports = { writeJson }
