// @ts-check
'use strict'

// Azure DocumentDB (Cosmos DB for MongoDB) with the package `mongodb`, which calls the callback for a token when it logs in, and again if
// the server requires another one.

const { MongoClient } = require('mongodb')
const { ClientTokenCredential } = require('azure-client-token')

const { MONGODB_URL = 'mongodb+srv://example.global.mongocluster.cosmos.azure.com/?tls=true' } = process.env

const credential = new ClientTokenCredential()

async function OIDC_CALLBACK() {
  const { token, expiresOnTimestamp } = await credential.getToken('https://ossrdbms-aad.database.windows.net/.default')
  return { accessToken: token, expiresInSeconds: Math.floor((expiresOnTimestamp - Date.now()) / 1000) }
}

async function main() {
  const client = new MongoClient(MONGODB_URL, {
    authMechanism: 'MONGODB-OIDC',
    // The client sends the token to no other host.
    authMechanismProperties: { OIDC_CALLBACK, ALLOWED_HOSTS: ['*.azure.com', 'localhost'] },
    retryWrites: false,
  })
  const { ok } = await client.db('example').command({ ping: 1 })
  console.log(`ping: ${ok}`)
  await client.close()
}

main()
