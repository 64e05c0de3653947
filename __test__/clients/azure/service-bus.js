'use strict'

const { ServiceBusClient } = require('@azure/service-bus')
const { ClientTokenCredential } = require('azure-client-token')

async function main() {
  const client = new ServiceBusClient('example.servicebus.windows.net', new ClientTokenCredential(), { retryOptions: { maxRetries: 0 } })
  await client.createSender('greetings').sendMessages({ body: 'hello' })
  await client.close()
  console.log('sent')
}

main()
