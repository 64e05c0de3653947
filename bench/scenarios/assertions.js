// @ts-check
'use strict'

const { execFileSync } = require('node:child_process')
const { join } = require('node:path')

const { makeCertificate } = require('../certificate')

const ROOT = join(__dirname, '..', '..')
const EXAMPLE = 'sign_assertions'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'assertions',
  title: 'client assertions signed a second (RSA 2048, PS256, one thread)',
  rounds: [9, 1],
  subjects: [
    { name: 'node:crypto, kept key', peer: 'crypto' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [{ key: 'rate', label: 'rate', unit: '/s', digits: 0, headline: true, rising: true }],

  async prepare({ folder, quick, memory }) {
    memory.certificate = await makeCertificate(folder)
    memory.signer = builtExample(quick)
  },

  async measure({ run, quick, memory }, subject) {
    const duration = quick ? 100 : 1_000
    if (subject.peer === 'ours') return { rate: rateOfOurs(memory, duration) }
    const { answer } = await run('sign', subject, { ...memory.certificate, duration })
    return answer
  },

  targets: [
    {
      text: 'at least node:crypto with a kept key',
      met: (median) => median('ours', 'rate') >= median('node:crypto, kept key', 'rate'),
    },
  ],
  note: 'the package exports nothing that only signs: ours is its core, built like the addon, in a program that does; ' +
    'identity signs with msal; a processor with AVX-512 IFMA may favour the OpenSSL in Node',
}

/**
 * The core's example, built; for a quick run as the tests have built it already.
 *
 * @param {boolean} quick
 * @returns {string} its path
 */
function builtExample(quick) {
  const profile = quick ? [] : ['--release']
  const cargo = ['build', '--locked', '--package', 'azure-client-token-core', '--example', EXAMPLE, ...profile]
  const messages = execFileSync('cargo', [...cargo, '--message-format', 'json'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const artifacts = messages.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  const built = artifacts.find(({ executable, target }) => executable && target.name === EXAMPLE)
  if (!built) throw new Error(`cargo has not built the example ${EXAMPLE}`)
  return built.executable
}

/**
 * @param {Record<string, any>} memory
 * @param {number} duration
 */
function rateOfOurs({ signer, certificate }, duration) {
  return Number(execFileSync(signer, [certificate.certificatePath, String(duration)], { encoding: 'utf8' }))
}
