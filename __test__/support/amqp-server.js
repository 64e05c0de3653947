// @ts-check
'use strict'

// A stand-in for Azure Event Hubs and Azure Service Bus: AMQP 1.0 over TLS by rhea, with claims-based security. A connection sends a token
// to the node $cbs, which verifies it; only then does the server accept messages.

const { once } = require('node:events')
const { createRequire } = require('node:module')
const { issueServerCertificate } = require('../../emulator/certificates')

const CLAIMS = '$cbs'

/**
 * @param {string} folder with rhea in its node_modules
 * @param {string[]} names
 * @param {import('./resource-server').Verify} verify
 */
async function startAmqpServer(folder, names, verify) {
  const { caCertificate, certificate, privateKey } = await issueServerCertificate(names)
  const container = createRequire(`${folder}/`)('rhea').create_container()
  /** @type {{ audience: string, appid: string }[]} the accepted tokens: the entity, and the application */
  const accepted = []
  /** @type {{ to: string }[]} */
  const messages = []
  const trusted = new WeakSet()
  container.sasl_server_mechanisms.enable_anonymous()
  // Without a listener, rhea prints the event.
  container.on('disconnected', () => {})
  container.on('sender_open', (/** @type {any} */ { sender }) => sender.set_source({ address: sender.source.address }))
  container.on('receiver_open', (/** @type {any} */ { connection, receiver }) => {
    const { address } = receiver.target
    if (address === CLAIMS || trusted.has(connection)) receiver.set_target({ address })
    else receiver.close({ condition: 'amqp:unauthorized-access', description: 'no token was put' })
  })
  container.on('message', async (/** @type {any} */ { connection, receiver, message }) => {
    if (receiver.target.address !== CLAIMS) return messages.push({ to: receiver.target.address })
    const claims = message.application_properties.type === 'jwt' && (await verify(message.body).catch(() => undefined))
    if (claims) {
      trusted.add(connection)
      accepted.push({ audience: message.application_properties.name, appid: claims.appid })
    }
    replyLink(connection).send(reply(message, Boolean(claims)))
  })
  const server = container.listen({ host: '127.0.0.1', port: 0, transport: 'tls', cert: certificate, key: privateKey, receiver_options: { max_message_size: 1_048_576 } })
  await once(server, 'listening')
  return { port: server.address().port, caCertificate, accepted, messages, close: async () => { server.close() } }
}

/** @param {any} connection */
function replyLink(connection) {
  return connection.find_sender((/** @type {any} */ { source }) => source.address === CLAIMS)
}

/** @param {any} message @param {boolean} isAccepted */
function reply({ message_id, reply_to }, isAccepted) {
  const [code, description] = isAccepted ? [202, 'Accepted'] : [401, 'InvalidToken']
  return { to: reply_to, correlation_id: message_id, application_properties: { 'status-code': code, 'status-description': description } }
}

module.exports = { startAmqpServer }
