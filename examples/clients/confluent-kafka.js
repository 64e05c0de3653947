// @ts-check
'use strict'

// Azure Event Hubs, at its Kafka endpoint, with the package `@confluentinc/kafka-javascript`, which gets a new token before the expiry: the
// callback returns the token's expiry and principal.

const { Kafka } = require('@confluentinc/kafka-javascript').KafkaJS
const { ClientTokenCredential } = require('azure-client-token')

const { KAFKA_BROKER = 'example.servicebus.windows.net:9093' } = process.env

const credential = new ClientTokenCredential()

async function oauthBearerProvider() {
  const { token, expiresOnTimestamp, objectId = '' } = await credential.getToken(`https://${KAFKA_BROKER.split(':')[0]}/.default`)
  return { value: token, principal: objectId, lifetime: expiresOnTimestamp }
}

const kafka = new Kafka({
  kafkaJS: { brokers: [KAFKA_BROKER], ssl: true, sasl: { mechanism: 'oauthbearer', oauthBearerProvider } },
})

async function main() {
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'greetings', messages: [{ value: 'hello' }] })
  console.log('sent')
  await producer.disconnect()
}

main()
