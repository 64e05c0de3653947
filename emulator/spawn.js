// @ts-check
'use strict'

const { fork } = require('node:child_process')
const { once } = require('node:events')
const path = require('node:path')
const { environmentFor, sdkEnvironmentFor } = require('./index')

/**
 * @typedef {import('./child').Login} Login
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {Awaited<ReturnType<typeof spawnEmulator>>} SpawnedEmulator
 */

/**
 * The emulator in a process of its own, so that its event loop does not affect the measured one.
 * @param {import('./index').EmulatorOptions} [options]
 */
async function spawnEmulator(options = {}) {
  const child = fork(path.join(__dirname, 'child.js'), { execArgv: [] })
  const ask = questioner(child)
  /** @type {Login} */
  const login = await ask('start', options).catch((error) => {
    if (child.connected) child.disconnect()
    throw error
  })

  return {
    ...login,
    environment: () => environmentFor(login),
    sdkEnvironment: () => sdkEnvironmentFor(login),
    /** @returns {Promise<import('./journal').Counters>} */
    counters: () => ask('counters'),
    /** @returns {Promise<import('./journal').RecordedRequest[]>} */
    requests: () => ask('requests'),
    /** @returns {Promise<void>} */
    resetCounters: () => ask('resetCounters'),
    /**
     * @param {import('./faults').Fault} fault without `when`: a function cannot be sent to another process
     * @returns {Promise<void>}
     */
    async addFault(fault) {
      if (fault.when) throw new TypeError('a fault of a spawned emulator cannot have `when`; use `path`')
      return ask('addFault', fault)
    },
    /** @returns {Promise<void>} */
    clearFaults: () => ask('clearFaults'),
    /**
     * @param {Partial<import('./oidc-issuers/assertions').AssertionSubject>} [changes]
     * @returns {Promise<string>}
     */
    issueAssertion: (changes) => ask('issueAssertion', changes),
    /**
     * @param {import('./user-token').UserTokenChanges} [changes]
     * @returns {Promise<string>}
     */
    issueUserToken: (changes) => ask('issueUserToken', changes),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    }
  }
}

/** @param {ChildProcess} child */
function questioner(child) {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map()
  let count = 0
  child.on('message', (/** @type {import('./child').Reply} */ { id, value, error }) => {
    const asker = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asker?.resolve(value)
    else asker?.reject(new Error(error))
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the emulator process ended (${signal ?? code})`))
  })

  /**
   * @param {string} question
   * @param {object} [argument]
   * @returns {Promise<any>}
   */
  return (question, argument) =>
    new Promise((resolve, reject) => {
      const id = (count += 1)
      waiting.set(id, { resolve, reject })
      child.send({ id, question, argument }, (error) => error && reject(error))
    })
}

module.exports = { spawnEmulator }
