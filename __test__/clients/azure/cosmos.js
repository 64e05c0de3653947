'use strict'

const { CosmosClient } = require('@azure/cosmos')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const client = new CosmosClient({ endpoint: 'https://example.documents.azure.com', aadCredentials: new ClientTokenCredential() })
  const { resource } = await client.database('shop').container('orders').item('1', 'a').read()
  console.log(resource.id)
  client.dispose()
}

main()
