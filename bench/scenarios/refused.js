// @ts-check
'use strict'

const { once } = require('node:events')
const { createServer } = require('node:net')

const ABSENT_ID = '00000000-0000-4000-8000-000000000000'

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'refused',
  title: 'the service refuses the connection',
  rounds: [7, 1],
  subjects: [
    { name: 'bare https', peer: 'https' },
    { name: 'identity', peer: 'identity' },
    { name: 'msal', peer: 'msal' },
    { name: 'ours', peer: 'ours' },
  ],
  metrics: [
    { key: 'time', label: 'time to the error', unit: 'ms', digits: 0, headline: true },
    { key: 'named', label: 'cause named (1 = yes)', unit: '', digits: 0 },
  ],

  async measure({ run }, subject) {
    const environment = {
      AZURE_AUTHORITY_HOST: `https://localhost:${await closedPort()}/`,
      ARM_TENANT_ID: ABSENT_ID,
      ARM_CLIENT_ID: ABSENT_ID,
      ARM_CLIENT_SECRET: 'unused',
    }
    const { answer } = await run('time-to-error', subject, { named: 'ECONNREFUSED|refused' }, { environment })
    return answer
  },

  targets: [
    { text: 'at most 0.7 s', met: (median) => median('ours', 'time') <= 700 },
    { text: 'cause named', met: (median) => median('ours', 'named') === 1 },
  ],
}

/** A port that was free a moment ago, where no server listens. */
async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}
