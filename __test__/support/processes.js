// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { setTimeout: sleep } = require('node:timers/promises')

/**
 * Waits until a process has ended.
 * @param {number} pid
 */
async function ended(pid) {
  assert.ok(pid > 0, 'the process has not started')
  for (let tries = 0; tries < 200; tries += 1) {
    if (!isAlive(pid)) return
    await sleep(25)
  }
  assert.fail(`process ${pid} lives on`)
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

module.exports = { ended }
