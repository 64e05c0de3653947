// @ts-check
'use strict'

const { writeFile } = require('node:fs/promises')
const { join } = require('node:path')

const { ownNetwork, withFile } = require('../namespace')

// Clients do not use a proxy for loopback addresses and localhost, so the authority needs another name.
const NAME = 'login.bench.example'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'proxy',
  title: 'a proxy in the environment (1 = yes)',
  rounds: [1, 1],
  emulator: {},
  subjects: [
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'honoured', label: 'Entra ID through HTTPS_PROXY', unit: '', digits: 0, headline: true },
    { key: 'direct', label: 'metadata service asked directly', unit: '', digits: 0, headline: true },
    { key: 'proxied', label: 'metadata service asked through the proxy', unit: '', digits: 0, headline: true },
  ],

  async prepare({ folder, memory }) {
    memory.prefix = ownNetwork()
    const hosts = join(folder, 'hosts')
    await writeFile(hosts, `127.0.0.1 localhost ${NAME}\n`)
    memory.named = withFile(hosts, '/etc/hosts')
  },

  async measure(stage, subject) {
    const honoured = await honoursProxy(stage, subject)
    // The other peers have no default login.
    const hasDefault = subject.peer === 'identity' || subject.peer === 'ours'
    const metadata = hasDefault ? await asksMetadataService(stage, subject) : {}
    return { honoured, ...metadata }
  },

  targets: [
    { text: 'HTTPS_PROXY is honoured', met: (median) => median('ours', 'honoured') === 1 },
    {
      text: 'requests to the metadata service do not use the proxy',
      met: (median) => median('ours', 'direct') === 1 && median('ours', 'proxied') === 0,
    },
  ],
}

/**
 * @param {import('../types').Stage} stage
 * @param {import('../types').Subject} subject
 */
async function honoursProxy({ run, emulator, memory }, subject) {
  const { Server } = await import('proxy-chain')
  let connections = 0
  const proxy = new Server({
    host: '127.0.0.1',
    port: 0,
    prepareRequestFunction: () => {
      connections += 1
      // The proxy records the request and rejects it: it must not look the name up.
      return { requestAuthentication: true, failMsg: 'seen' }
    },
  })
  await proxy.listen()
  try {
    const environment = {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      AZURE_AUTHORITY_HOST: emulator.authorityHost.replace('localhost', NAME),
    }
    // The task fails: the proxy refuses, or the certificate is for another name.
    await run('one-token', subject, {}, { environment, prefix: memory.named }).catch(() => {})
  } finally {
    await proxy.close(true)
  }
  return connections > 0 ? 1 : 0
}

/**
 * @param {import('../types').Stage} stage
 * @param {import('../types').Subject} subject
 */
async function asksMetadataService({ run, memory }, subject) {
  const nothing = Object.fromEntries(
    ['AZURE_AUTHORITY_HOST', 'ARM_TENANT_ID', 'ARM_CLIENT_ID', 'ARM_CLIENT_SECRET'].map((name) => [name, undefined]),
  )
  const { answer } = await run('metadata-service', subject, {}, { prefix: memory.prefix, environment: nothing })
  return answer
}
