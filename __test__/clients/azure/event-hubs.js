'use strict'

const { EventHubProducerClient } = require('@azure/event-hubs')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const client = new EventHubProducerClient('example.servicebus.windows.net', 'greetings', new ClientTokenCredential(), { retryOptions: { maxRetries: 0 } })
  await client.sendBatch([{ body: 'hello' }])
  await client.close()
  console.log('sent')
}

main()
