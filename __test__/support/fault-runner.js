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

/** @typedef {{ outcome: any, milliseconds: number }} Met */

const CLIENT = '00000000-0000-4000-8000-00000000000c'

/**
 * Makes the fault, and a call that meets it: here, or in a process of its own, which judges the outcome.
 * @param {import('./faults').Fault} fault
 * @param {import('./fault-servers').FaultServers} servers
 * @returns {Promise<Met>}
 */
async function meet(fault, servers) {
  if (!fault.apart) return meetHere(fault, servers)
  const { code, stdout, stderr } = await fault.apart.start(nameOf(fault))
  return { outcome: code === 0 ? 'as promised' : stderr, milliseconds: Number(stdout) }
}

/**
 * @param {import('./faults').Fault} fault
 * @param {import('./fault-servers').FaultServers} servers
 * @returns {Promise<Met>}
 */
async function meetHere(fault, servers) {
  const environment = await fault.stage?.(servers)
  const tenant = '00000000-0000-4000-8000-00000000000a'
  logIn({ ARM_TENANT_ID: tenant, ARM_CLIENT_ID: CLIENT, ARM_CLIENT_SECRET: MARKER, NODE_EXTRA_CA_CERTS: servers.caFile, ...environment })
  const start = performance.now()
  // The settings are read before this line is left: other calls may change the environment while this one waits.
  const outcome = await errors.getClientToken({}, { timeout: fault.timeout }).catch((error) => error)
  return { outcome, milliseconds: performance.now() - start }
}

/**
 * What the fault promises is what the caller got.
 * @param {import('./faults').Fault} fault
 * @param {Met} met
 */
function assertPromised({ apart, gets, within = Infinity, notBefore = 0 }, { outcome, milliseconds }) {
  if (apart) return assert.equal(outcome, 'as promised')
  assert.ok(milliseconds < within, `an error after ${milliseconds} ms`)
  assert.ok(milliseconds >= notBefore, `a token after ${milliseconds} ms`)
  if (gets === 'token') return assert.equal(outcome.token, `${MARKER}.token`, outcome)
  assert.ok(outcome instanceof errors[gets.error], outcome)
  const { code, retryable, phase, statusCode, resource } = /** @type {any} */ (outcome)
  assert.deepEqual({ code, retryable, phase, statusCode, resource }, expected(gets), outcome.message)
  assert.ok(outcome.message.includes(gets.says), outcome.message)
  assertNoSecret(everyText(outcome), [MARKER])
}

/**
 * The scenario asks for all that is promised. That it comes to it is for the core's own tests, which play every scenario.
 * @param {import('./faults').Fault} fault
 */
function assertPlayed({ gets, within = Infinity, notBefore = 0, scenario = '' }) {
  const file = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'scenarios', scenario, 'scenario.json')
  const { expect, takes: [least, most] = [0, Infinity] } = JSON.parse(fs.readFileSync(file, 'utf8'))
  assert.ok(most * 1000 <= within && least * 1000 >= notBefore, `from ${least} to ${most} s`)
  if (gets === 'token') return assert.ok(expect.token, 'a token is expected')
  const { code, retryable = false, statusCode, message } = expect.error
  // The class of what is unavailable has none in JavaScript.
  const phase = code === 'ERR_CREDENTIAL_UNAVAILABLE' ? undefined : expect.error.phase
  assert.deepEqual({ code, retryable, phase, statusCode, resource: gets.resource }, expected(gets))
  assert.ok(message.some((/** @type {string} */ part) => part.includes(gets.says) || gets.says.includes(part)), message.join())
}

/** @param {import('./faults').ExpectedError} gets */
function expected({ code, retryable, phase, statusCode, resource }) {
  return { code, retryable, phase, statusCode, resource }
}

module.exports = { meet, meetHere, assertPlayed, assertPromised }
