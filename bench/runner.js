// @ts-check
'use strict'

const { performance } = require('node:perf_hooks')

const { interleave } = require('./measure/rounds')
const { summarize, valuesOf } = require('./measure/statistics')
const { openStage } = require('./stage')

/** @typedef {import('./types').Scenario} Scenario */
/** @typedef {import('./types').Outcome} Outcome */
/** @typedef {import('./types').ScenarioReport} ScenarioReport */

/** A scenario throws this from `prepare` if the machine lacks what it needs. */
class Skip extends Error {}

/**
 * @param {Scenario} scenario
 * @param {{ quick: boolean }} options
 * @returns {Promise<ScenarioReport>}
 */
async function runScenario(scenario, options) {
  const start = performance.now()
  const reported = await played(scenario, options)
  return { ...reported, seconds: Math.round((performance.now() - start) / 1e3) }
}

/**
 * @param {Scenario} scenario
 * @param {{ quick: boolean }} options
 * @returns {Promise<ScenarioReport>}
 */
async function played(scenario, { quick }) {
  const stage = await openStage(scenario, { quick })
  try {
    await scenario.prepare?.(stage)
    const rows = await interleave(
      scenario.subjects,
      scenario.rounds[quick ? 1 : 0],
      (subject) => scenario.measure(stage, subject),
      (error) => explain(error, [stage.emulator?.clientSecret, ...(stage.memory.secrets ?? [])]),
    )
    return report(scenario, rows)
  } catch (error) {
    if (error instanceof Skip) return { scenario, outcomes: [], verdicts: [], skipped: error.message }
    throw error
  } finally {
    await stage.close()
  }
}

/**
 * @param {Scenario} scenario
 * @param {import('./measure/rounds').Row[]} rows
 * @returns {ScenarioReport}
 */
function report(scenario, rows) {
  const outcomes = rows.map((row) => outcome(scenario, row, rows))
  return { scenario, outcomes, verdicts: judge(scenario, outcomes) }
}

/**
 * @param {Scenario} scenario
 * @param {import('./measure/rounds').Row} row
 * @param {import('./measure/rounds').Row[]} rows
 * @returns {Outcome}
 */
function outcome(scenario, row, rows) {
  /** @type {Outcome['metrics']} */
  const metrics = {}
  for (const { key, over } of scenario.metrics) {
    if (row.failure !== undefined || over === row.subject.name) continue
    const baseline = rows.find(({ subject }) => subject.name === over)
    const values = valuesOf(key, row.samples, baseline?.samples)
    if (values.length > 0) metrics[key] = summarize(values)
  }
  return { ...row, metrics }
}

/**
 * @param {Scenario} scenario
 * @param {Outcome[]} outcomes
 * @returns {import('./types').Verdict[]}
 */
function judge(scenario, outcomes) {
  return (scenario.targets ?? []).map(({ text, met }) => {
    let known = true
    const verdict = met((subject, metric) => {
      const value = outcomes.find((one) => one.subject.name === subject)?.metrics[metric]?.median ?? NaN
      known &&= Number.isFinite(value)
      return value
    })
    return { text, verdict: known ? (verdict ? 'met' : 'missed') : 'unknown' }
  })
}

/**
 * The reason of a failure, without secrets and tokens.
 *
 * @param {unknown} error
 * @param {(string | undefined)[]} secrets
 */
function explain(error, secrets) {
  const text = error instanceof Error ? error.message : String(error)
  return secrets
    .reduce((/** @type {string} */ rest, secret) => (secret ? rest.replaceAll(secret, '[secret]') : rest), text)
    .replace(/eyJ[\w.-]+/g, '[token]')
}

/**
 * The problems that fail the run: a subject that failed, or one that is marked as pending and succeeds, so that the mark must be removed.
 *
 * @param {ScenarioReport} report
 * @returns {string[]}
 */
function troubles({ scenario, outcomes }) {
  return outcomes.flatMap(({ subject, failure }) => {
    const place = `${scenario.name}, ${subject.name}`
    if (failure !== undefined && !subject.pending) return [`${place}: ${failure}`]
    if (failure === undefined && subject.pending) return [`${place}: works now, so it is no longer pending (${subject.pending})`]
    return []
  })
}

module.exports = { report, runScenario, troubles, Skip }
