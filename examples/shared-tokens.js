// @ts-check
'use strict'

// One token for all the processes that share a Redis: each of them runs this program, and one of them makes a request to Entra ID.
//
//   npm install redis
//   REDIS_URL=redis://… TOKEN_KEYS=2026-11:$(openssl rand -base64 32) node examples/shared-tokens.js
//
// TOKEN_KEYS has ids and keys, the newest first, with commas between them: docs/sharing-tokens.md says how to replace one.

// @ts-ignore: redis is a dependency of your program, not of this package.
const { createClient } = require('redis')
const { ClientTokenCredential } = require('azure-client-token')
const { redisStore } = require('azure-client-token/redis')

const { AZURE_TENANT_ID = '', AZURE_CLIENT_ID = '', AZURE_CLIENT_SECRET = '', REDIS_URL, TOKEN_KEYS = '' } = process.env

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})

async function main() {
  const client = createClient({ url: REDIS_URL })
  // Without a listener, an error of the connection would end the program. The program gets tokens without Redis, too.
  client.on('error', (/** @type {Error} */ error) => console.error(`Redis: ${error.message}`))
  await client.connect()
  const credential = new ClientTokenCredential({
    credential: 'clientSecret',
    tenantId: AZURE_TENANT_ID,
    clientId: AZURE_CLIENT_ID,
    clientSecret: AZURE_CLIENT_SECRET,
    cache: { kind: 'shared', store: redisStore(client), keys: keysOf(TOKEN_KEYS) }
  })
  const { source, cachedIn = 'the service' } = await credential.getToken('https://management.azure.com/.default')
  console.log(`a token by ${source}, from ${cachedIn}`)
  client.destroy()
}

/** @param {string} text */
function keysOf(text) {
  const [first, ...others] = text.split(',').map((pair) => {
    const [id, key = ''] = pair.split(':')
    return { id, key }
  })
  return /** @type {const} */ ([first, ...others])
}
