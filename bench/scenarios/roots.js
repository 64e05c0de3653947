// @ts-check
'use strict'

const { existsSync } = require('node:fs')

const { withFile } = require('../namespace')

/** @typedef {import('../types').Stage} Stage */
/** @typedef {import('../types').Subject} Subject */

// The files in which Linux distributions keep the certificates that they trust.
const SYSTEM_STORES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem']

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'roots',
  title: 'a private certificate authority is trusted (1 = yes)',
  rounds: [1, 1],
  emulator: {},
  subjects: [
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'extra', label: 'by NODE_EXTRA_CA_CERTS', unit: '', digits: 0, headline: true },
    { key: 'file', label: 'by SSL_CERT_FILE', unit: '', digits: 0, headline: true },
    { key: 'system', label: 'by the system’s store', unit: '', digits: 0, headline: true },
  ],

  prepare({ emulator, memory }) {
    const store = SYSTEM_STORES.find((file) => existsSync(file))
    memory.prefix = store && withFile(emulator.caFile, store)
  },

  async measure(stage, subject) {
    const { caFile } = stage.emulator
    // The control: a peer that fails here has another problem than trust.
    await stage.run('one-token', subject)
    const file = await trusts(stage, subject, { environment: { SSL_CERT_FILE: caFile } })
    const system = stage.memory.prefix ? await trusts(stage, subject, { prefix: stage.memory.prefix }) : NaN
    return { extra: 1, file, system }
  },

  targets: ['extra', 'file', 'system'].map((way) => ({ text: `yes: ${way}`, met: (median) => median('ours', way) === 1 })),
}

/**
 * @param {Stage} stage
 * @param {Subject} subject
 * @param {import('../types').RunOptions} overrides
 */
async function trusts({ run }, subject, overrides) {
  const environment = { NODE_EXTRA_CA_CERTS: undefined, ...overrides.environment }
  return run('one-token', subject, {}, { ...overrides, environment }).then(() => 1, () => 0)
}
