// @ts-check
'use strict'

const { once } = require('node:events')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { spawnEmulator } = require('../../emulator/spawn')
const errors = require('../..')
const { census } = require('./resource-census')
const { MARKER, WRONG_SECRET, plannedCall, plannedFault } = require('./chaos-plan')
const { logIn } = require('./login')
const { everyText } = require('./no-secret')
const { seeded } = require('./random')

/**
 * @typedef {import('../../emulator/spawn').SpawnedEmulator} Emulator
 * @typedef {{ seed: number, calls: number, workers: number, outcomes: Record<string, number>, wrong: string[], secrets: string[],
 *   unsettled: number, surprises: string[], before: ReturnType<typeof census>, after: ReturnType<typeof census> }} Report
 * @typedef {Report & { random: import('./random').Random, emulator: Emulator, end: number, shared: AbortController }} Run
 */

const CALLERS = 48
const PATIENCE = 20_000
const LONGEST_SKEW = 2 * 60 * 60 * 1000
/** The pause between two workers, which cost more than calls. */
const WORKER_PAUSE = 400

/**
 * Makes calls for this time under random faults, delays, aborts, timeouts, workers and jumps of the clock.
 * @param {{ seed: number, milliseconds: number, sample?: () => void }} options
 * @returns {Promise<Report>}
 */
async function chaos({ seed, milliseconds, sample }) {
  const emulator = await spawnEmulator({ applications: [{ clientSecret: MARKER }] })
  const shared = new AbortController()
  logIn(emulator.environment())
  await errors.getClientToken({}, { signal: shared.signal })
  const surprises = watchedProcess()
  openedStreams()
  const before = census(shared.signal)
  /** @type {Run} */
  const run = { seed, random: seeded(seed), emulator, shared, end: Date.now() + milliseconds, calls: 0, workers: 0, outcomes: {}, wrong: [], secrets: [], unsettled: 0, surprises, before, after: before }
  const sampler = sample && setInterval(sample, 1000)
  await Promise.all([storm(run), clockJumps(run), workers(run), ...Array.from({ length: CALLERS }, () => caller(run))])
  clearInterval(sampler)
  await emulator.clearFaults()
  run.after = await calmed(run)
  await emulator.close()
  const { random: _random, emulator: _emulator, end: _end, shared: _shared, ...report } = run
  return report
}

/** Node.js opens these streams at their first use, for example by a worker. */
function openedStreams() {
  return [process.stdout, process.stderr]
}

/** Records what a library must not cause: warnings, and unhandled rejections. */
function watchedProcess() {
  /** @type {string[]} */
  const surprises = []
  process.on('warning', (warning) => surprises.push(`warning: ${warning.message}`))
  process.on('unhandledRejection', (reason) => surprises.push(`unhandled: ${reason}`))
  return surprises
}

const now = Date.now.bind(Date)

/** @param {Run} run */
const isOver = ({ end }) => now() >= end

/** @param {Run} run */
async function storm(run) {
  while (!isOver(run)) {
    await run.emulator.addFault(plannedFault(run.random))
    if (run.random.chance(0.2)) errors.clearCache()
    // Faults that have been used up stay in the emulator's list until it is cleared.
    if (run.random.chance(0.1)) await run.emulator.clearFaults()
    await sleep(10 + run.random.below(60))
  }
}

/** Makes JavaScript's wall clock jump by hours from time to time. @param {Run} run */
async function clockJumps(run) {
  while (!isOver(run)) {
    const skew = run.random.below(2 * LONGEST_SKEW) - LONGEST_SKEW
    Date.now = () => now() + skew
    await sleep(run.random.below(200))
    Date.now = now
    await sleep(run.random.below(400))
  }
}

/** @param {Run} run */
async function caller(run) {
  while (!isOver(run)) {
    await oneCall(run, plannedCall(run.random))
    await sleep(run.random.below(20))
  }
}

/**
 * @param {Run} run
 * @param {import('./chaos-plan').Call} call
 */
async function oneCall(run, call) {
  const controller = new AbortController()
  const reason = new Error('given up')
  if (call.isAborted) controller.abort(reason)
  const aborting = call.abortAfter === undefined ? undefined : setTimeout(() => controller.abort(reason), call.abortAfter)
  const signal = call.abortAfter === undefined && !call.isAborted ? run.shared.signal : controller.signal
  run.calls += 1
  const outcome = await settled(run, withSecret(run, call.isWrongSecret, () => errors.getClientToken({ endpoint: call.endpoint }, { signal, .../** @type {any} */ (call.opts) })))
  clearTimeout(aborting)
  judge(run, call, outcome, reason)
}

/**
 * Makes a call with a wrong secret, if `isWrong`. The call reads its settings before `act` returns its promise.
 * @template T
 * @param {Run} run
 * @param {boolean} isWrong
 * @param {() => T} act
 */
function withSecret({ emulator }, isWrong, act) {
  if (!isWrong) return act()
  logIn({ ...emulator.environment(), ARM_CLIENT_SECRET: WRONG_SECRET })
  const result = act()
  logIn(emulator.environment())
  return result
}

const UNSETTLED = Symbol('unsettled')

/**
 * @param {Run} run
 * @param {Promise<unknown>} call
 */
async function settled(run, call) {
  const giveUp = new AbortController()
  const patience = sleep(PATIENCE, UNSETTLED, { signal: giveUp.signal }).catch(() => UNSETTLED)
  const outcome = await Promise.race([call.catch((error) => error), patience])
  giveUp.abort()
  if (outcome === UNSETTLED) run.unsettled += 1
  return outcome
}

/**
 * @param {Run} run
 * @param {import('./chaos-plan').Call} call
 * @param {any} outcome
 * @param {Error} reason
 */
function judge(run, call, outcome, reason) {
  const name = outcome instanceof Error ? (outcome === reason ? 'aborted' : outcome.name) : 'token'
  run.outcomes[name] = (run.outcomes[name] ?? 0) + 1
  if (!isRight(call, outcome, name)) run.wrong.push(`${name} for ${JSON.stringify(call)}: ${outcome?.message}`)
  if (!(outcome instanceof Error)) return
  const text = everyText(outcome)
  const sent = call.isWrongSecret ? WRONG_SECRET : MARKER
  if ([sent, 'eyJ'].some((secret) => text.includes(secret))) run.secrets.push(text)
}

/**
 * @param {import('./chaos-plan').Call} call
 * @param {any} outcome
 * @param {string} name
 */
function isRight(call, outcome, name) {
  if (call.isWrongType) return name === 'TypeError'
  if (call.isAborted) return name === 'aborted'
  if (name === 'aborted') return call.abortAfter !== undefined
  if (name === 'token') return typeof outcome.token === 'string' && outcome.token.length > 0
  if (name === 'TimeoutError') return outcome.code === 'ERR_TIMEOUT' && outcome.retryable
  return (
    (name === 'AuthenticationError' && outcome.code === 'ERR_AUTHENTICATION') ||
    (name === 'ServiceUnavailableError' && outcome.code === 'ERR_SERVICE_UNAVAILABLE') ||
    (name === 'NetworkError' && outcome.code === 'ERR_NETWORK')
  )
}

/** Starts threads that request tokens as well, and ends half of them during a call. @param {Run} run */
async function workers(run) {
  while (!isOver(run)) {
    const worker = new Worker(path.join(__dirname, 'chaos-worker.js'), { workerData: run.random.below(2 ** 31) })
    run.workers += 1
    const failed = once(worker, 'error').then(([error]) => run.wrong.push(`a worker failed: ${error}`), () => {})
    const exited = once(worker, 'exit')
    if (run.random.chance(0.5)) await sleep(run.random.below(300)).then(() => worker.terminate())
    await Promise.race([exited, failed])
    await sleep(run.random.below(WORKER_PAUSE))
  }
}

/**
 * The census after the run: waits for resources that end a little later, such as the sockets of cancelled calls, and the threads for names
 * and files, which tokio keeps for ten seconds.
 * @param {Run} run
 */
async function calmed({ shared, before }) {
  const end = now() + 15_000
  let after = census(shared.signal)
  const isCalm = () => JSON.stringify(after.resources) === JSON.stringify(before.resources) && after.threads <= before.threads
  while (now() < end && !isCalm()) {
    await sleep(100)
    after = census(shared.signal)
  }
  return after
}

module.exports = { chaos }
