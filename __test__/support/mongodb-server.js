// @ts-check
'use strict'

// A stand-in for a MongoDB that accepts tokens, which only its Enterprise edition and Azure do: the wire protocol over TLS, with the
// handshake, the login with MONGODB-OIDC and `ping`. It verifies each token.

const { once } = require('node:events')
const path = require('node:path')
const tls = require('node:tls')
const { issueServerCertificate } = require('../../emulator/certificates')

const OP = { reply: 1, query: 2004, message: 2013 }
const AUTHENTICATION_FAILED = 18
const UNAUTHORIZED = 13

/**
 * @param {string} modules the folder in which the client is installed
 * @param {import('./resource-server').Verify} verify
 */
async function startMongodbServer(modules, verify) {
  const { caCertificate, certificate, privateKey } = await issueServerCertificate()
  const bson = require(path.join(modules, 'bson'))
  /** @type {Record<string, any>[]} the claims of accepted tokens */
  const accepted = []
  const server = tls.createServer({ cert: certificate, key: privateKey }, (socket) => {
    const session = { isLoggedIn: false, accepted, bson, verify }
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', async (chunk) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
        const message = received.subarray(0, received.readInt32LE(0))
        received = received.subarray(message.length)
        socket.write(reply(message, bson.serialize(await outcome(session, bson.deserialize(documentOf(message))))))
      }
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { port, caCertificate, accepted, close: async () => { server.close() } }
}

/** @typedef {{ isLoggedIn: boolean, accepted: Record<string, any>[], bson: any, verify: import('./resource-server').Verify }} Session */

/**
 * @param {Session} session
 * @param {Record<string, any>} command
 */
async function outcome(session, command) {
  if ('hello' in command || 'ismaster' in command || 'isMaster' in command) return hello(session, command)
  if ('saslStart' in command) return login(session, command)
  return session.isLoggedIn ? { ok: 1 } : failure(UNAUTHORIZED, 'it requires authentication')
}

/** @param {Session} session @param {Record<string, any>} command */
async function hello(session, { speculativeAuthenticate }) {
  const said = speculativeAuthenticate && (await login(session, speculativeAuthenticate))
  const server = { helloOk: true, ismaster: true, isWritablePrimary: true, minWireVersion: 0, maxWireVersion: 25, maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 }
  return { ...server, localTime: new Date(), ...(said?.ok && { speculativeAuthenticate: said }), ok: 1 }
}

/** @param {Session} session @param {Record<string, any>} command */
async function login(session, { mechanism, payload }) {
  if (mechanism !== 'MONGODB-OIDC') return failure(AUTHENTICATION_FAILED, 'it takes tokens alone')
  const claims = await session.verify(session.bson.deserialize(payload.buffer).jwt).catch(() => undefined)
  if (!claims) return failure(AUTHENTICATION_FAILED, 'the token is refused')
  session.isLoggedIn = true
  session.accepted.push(claims)
  return { conversationId: 1, done: true, payload: Buffer.alloc(0), ok: 1 }
}

/** @param {number} code @param {string} errmsg */
function failure(code, errmsg) {
  return { ok: 0, code, errmsg }
}

/** The command in a message. @param {Buffer} message */
function documentOf(message) {
  if (message.readInt32LE(12) === OP.message) return message.subarray(21)
  // Skips the flags, the collection's name, and two numbers.
  return message.subarray(message.indexOf(0, 20) + 9)
}

/** @param {Buffer} message @param {Buffer} document */
function reply(message, document) {
  const isMessage = message.readInt32LE(12) === OP.message
  const before = isMessage ? Buffer.alloc(5) : Buffer.alloc(20)
  if (!isMessage) before.writeInt32LE(1, 16)
  const header = Buffer.alloc(16)
  header.writeInt32LE(header.length + before.length + document.length, 0)
  header.writeInt32LE(message.readInt32LE(4), 8)
  header.writeInt32LE(isMessage ? OP.message : OP.reply, 12)
  return Buffer.concat([header, before, document])
}

module.exports = { startMongodbServer }
