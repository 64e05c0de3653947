// @ts-check
'use strict'

// Preloaded into examples/clients/confluent-kafka.js in the place of its client, whose native part an installation script downloads from
// GitHub's releases, or compiles in minutes (see confluent.js). Connecting requests a token, as in the real client, and prints it.

const Module = require('node:module')

/** @typedef {() => Promise<{ value: string, principal: string, lifetime: number }>} Provider */

class Kafka {
  #provider

  /** @param {{ kafkaJS: { ssl: boolean, sasl: { mechanism: string, oauthBearerProvider: Provider } } }} settings */
  constructor({ kafkaJS: { ssl, sasl } }) {
    if (!ssl || sasl.mechanism !== 'oauthbearer') throw new Error('Event Hubs takes OAUTHBEARER over TLS alone')
    this.#provider = sasl.oauthBearerProvider
  }

  producer() {
    const connect = async () => console.log(JSON.stringify(await this.#provider()))
    return { connect, send: async () => {}, disconnect: async () => {} }
  }
}

const { _load: load } = /** @type {any} */ (Module)
Object.assign(Module, {
  /** @param {string} name @param {unknown[]} others */
  _load: (name, ...others) => (name === '@confluentinc/kafka-javascript' ? { KafkaJS: { Kafka } } : load(name, ...others)),
})
