// @ts-check
'use strict'

const { mkdtemp, rm } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const { runProcess } = require('./measure/process')

/** @typedef {import('./types').Stage} Stage */
/** @typedef {import('./types').Subject} Subject */

const CHILD = join(__dirname, 'child.js')
const USAGE = join(__dirname, 'measure', 'usage.js')
const TIMEOUT = 180_000

// The variables that a process needs to run. The others are removed: the caller's proxies, certificates, Azure settings and Node.js options
// would affect the measurement.
const KEPT = ['PATH', 'LANG', 'SystemRoot', 'TEMP', 'TMP', 'NAPI_RS_NATIVE_LIBRARY_PATH']

/**
 * @param {import('./types').Scenario} scenario
 * @param {{ quick: boolean }} options
 * @returns {Promise<Stage>}
 */
async function openStage(scenario, { quick }) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const emulator = /** @type {any} */ (scenario.emulator && await startEmulator(scenario.emulator))
  const environment = { ...cleanEnvironment(folder), ...emulator?.environment() }
  return {
    quick,
    folder,
    environment,
    emulator,
    memory: {},
    run: (task, subject, parameters, overrides) =>
      runTask(environment, task, subject, parameters, overrides),
    close: async () => {
      await emulator?.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * In a process of its own, so that it takes no time from what is measured but
 * the machine's.
 *
 * @param {Record<string, unknown>} options
 */
function startEmulator(options) {
  return require('../emulator/spawn').spawnEmulator(options)
}

/** @param {string} home an empty folder, so that no real user's profile is read */
function cleanEnvironment(home) {
  /** @type {Record<string, string>} */
  const environment = { HOME: home, USERPROFILE: home }
  for (const name of KEPT) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return environment
}

/**
 * @param {Record<string, string>} base
 * @param {string} task
 * @param {Subject} subject
 * @param {Record<string, unknown>} [parameters]
 * @param {import('./types').RunOptions} [overrides]
 */
async function runTask(base, task, subject, parameters, overrides = {}) {
  const { environment, nodeArguments = [], prefix = [], timeout = TIMEOUT } = overrides
  const argument = JSON.stringify({ ...parameters, ...subject.parameters })
  const command = [...prefix, process.execPath, '-r', USAGE, ...nodeArguments, ...taskArguments(task, subject, argument)]
  const run = await runProcess(command, { environment: defined({ ...base, ...environment }), timeout })
  if (!run.answer && subject.peer !== 'node') throw new Error('the process ended before its task')
  return { ...run, answer: run.answer ?? {} }
}

/**
 * The peer `node` is the baseline of a process: it runs nothing.
 *
 * @param {string} task
 * @param {Subject} subject
 * @param {string} argument
 */
function taskArguments(task, subject, argument) {
  return subject.peer === 'node' ? ['-e', '0'] : [CHILD, task, subject.peer, argument]
}

/**
 * @param {Record<string, string | undefined>} environment
 * @returns {Record<string, string>}
 */
function defined(environment) {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

module.exports = { openStage }
