// @ts-check
'use strict'

// Azure Event Hubs, at its Kafka endpoint, with the package `kafkajs`, which gets a token for each connection to a broker.

const { Kafka } = require('kafkajs')
const { getBearerTokenProvider } = require('azure-client-token')

const { KAFKA_BROKER = 'example.servicebus.windows.net:9093' } = process.env

// Event Hubs accepts tokens for the namespace itself.
const token = getBearerTokenProvider(`https://${KAFKA_BROKER.split(':')[0]}/.default`)

const kafka = new Kafka({
  brokers: [KAFKA_BROKER],
  ssl: true,
  sasl: { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await token() }) },
})

async function main() {
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'greetings', messages: [{ value: 'hello' }] })
  console.log('sent')
  await producer.disconnect()
}

main()
