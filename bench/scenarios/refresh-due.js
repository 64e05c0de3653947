// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')

const { instantAnswer, TOKEN_PATH } = require('../service')

// The Map has no refresh: it returns its token until that expires.
const REFRESH_IN = 1
// Some peers count in whole seconds, and wait for one more.
const DUE_AFTER = 2_050

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'refresh-due',
  title: 'a call when the token is valid, but due for a refresh',
  rounds: [7, 1],
  emulator: { anyTenant: true },
  subjects: [
    { name: 'Map', peer: 'map' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'slow', label: 'service answers in 5 s', unit: 'ms', digits: 2, headline: true },
    { key: 'down', label: 'service answers 503', unit: 'ms', digits: 2, headline: true },
    { key: 'failed', label: 'calls failed', unit: '', digits: 0, headline: true },
  ],

  async measure(stage, subject) {
    await stage.emulator.clearFaults()
    // Both at the same time, because they only wait.
    const [slow, down] = await Promise.all([
      callWhenDue(stage, subject, instantAnswer({ delay: stage.quick ? 1_000 : 5_000 })),
      callWhenDue(stage, subject, { status: 503, body: 'Service Unavailable' }),
    ])
    return { slow: slow.time, down: down.time, failed: slow.failed + down.failed }
  },

  targets: [
    { text: 'the valid token within 5 ms, service slow', met: (median) => median('ours', 'slow') < 5 },
    { text: 'the valid token within 5 ms, service down', met: (median) => median('ours', 'down') < 5 },
    { text: 'no call fails', met: (median) => median('ours', 'failed') === 0 },
  ],
}

/**
 * @param {import('../types').Stage} stage
 * @param {import('../types').Subject} subject
 * @param {import('../types').Fault} afterwards the service's fault after the first token
 */
async function callWhenDue({ run, emulator }, subject, afterwards) {
  const tenant = randomUUID()
  const path = `${tenant}${TOKEN_PATH}`
  await emulator.addFault(instantAnswer({ path, times: 1 }, { refresh_in: REFRESH_IN }))
  await emulator.addFault({ ...afterwards, path })
  const { answer } = await run('refresh', subject, { dueAfter: DUE_AFTER }, { environment: { ARM_TENANT_ID: tenant } })
  return answer
}
