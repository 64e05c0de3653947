// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const errors = require('../..')
const { MARKER } = require('./faults')
const { nameOf } = require('./fault-table')
const { logIn } = require('./login')
const { assertNoSecret, everyText } = require('./no-secret')

/** @typedef {{ outcome: any, milliseconds: number }} Outcome */

const CLIENT = '00000000-0000-4000-8000-00000000000c'

/**
 * Provokes the fault with a call: here, or in a separate process, which checks the outcome.
 * @param {import('./faults').Fault} fault
 * @param {import('./fault-servers').FaultServers} servers
 * @returns {Promise<Outcome>}
 */
async function provoke(fault, servers) {
  if (!fault.ownProcess) return provokeHere(fault, servers)
  const { code, stdout, stderr } = await fault.ownProcess.start(nameOf(fault))
  return { outcome: code === 0 ? 'as promised' : stderr, milliseconds: Number(stdout) }
}

/**
 * @param {import('./faults').Fault} fault
 * @param {import('./fault-servers').FaultServers} servers
 * @returns {Promise<Outcome>}
 */
async function provokeHere(fault, servers) {
  const environment = await fault.prepare?.(servers)
  const tenant = '00000000-0000-4000-8000-00000000000a'
  logIn({ ARM_TENANT_ID: tenant, ARM_CLIENT_ID: CLIENT, ARM_CLIENT_SECRET: MARKER, NODE_EXTRA_CA_CERTS: servers.caFile, ...environment })
  const start = performance.now()
  // The call reads its settings before it returns its promise: other calls may change the environment while this one waits.
  const outcome = await errors.getClientToken({}, { timeout: fault.timeout }).catch((error) => error)
  return { outcome, milliseconds: performance.now() - start }
}

/**
 * Checks that the outcome is the promised one.
 * @param {import('./faults').Fault} fault
 * @param {Outcome} met
 */
function assertPromised({ ownProcess, expects, within = Infinity, notBefore = 0 }, { outcome, milliseconds }) {
  if (ownProcess) return assert.equal(outcome, 'as promised')
  assert.ok(milliseconds < within, `an error after ${milliseconds} ms`)
  assert.ok(milliseconds >= notBefore, `a token after ${milliseconds} ms`)
  if (expects === 'token') return assert.equal(outcome.token, `${MARKER}.token`, outcome)
  assert.ok(outcome instanceof errors[expects.error], outcome)
  const { code, retryable, phase, statusCode, resource } = /** @type {any} */ (outcome)
  assert.deepEqual({ code, retryable, phase, statusCode, resource }, expected(expects), outcome.message)
  assert.ok(outcome.message.includes(expects.says), outcome.message)
  assertNoSecret(everyText(outcome), [MARKER])
}

/**
 * Checks that the scenario expects all that is promised. The core's own tests run every scenario.
 * @param {import('./faults').Fault} fault
 */
function assertScenario({ expects, within = Infinity, notBefore = 0, scenario = '' }) {
  const file = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'scenarios', scenario, 'scenario.json')
  const { expect, takes: [least, most] = [0, Infinity] } = JSON.parse(fs.readFileSync(file, 'utf8'))
  assert.ok(most * 1000 <= within && least * 1000 >= notBefore, `from ${least} to ${most} s`)
  if (expects === 'token') return assert.ok(expect.token, 'a token is expected')
  const { code, retryable = false, statusCode, message } = expect.error
  // CredentialUnavailableError has no phase in JavaScript.
  const phase = code === 'ERR_CREDENTIAL_UNAVAILABLE' ? undefined : expect.error.phase
  assert.deepEqual({ code, retryable, phase, statusCode, resource: expects.resource }, expected(expects))
  assert.ok(message.some((/** @type {string} */ part) => part.includes(expects.says) || expects.says.includes(part)), message.join())
}

/** @param {import('./faults').ExpectedError} expects */
function expected({ code, retryable, phase, statusCode, resource }) {
  return { code, retryable, phase, statusCode, resource }
}

module.exports = { provoke, provokeHere, assertScenario, assertPromised }
