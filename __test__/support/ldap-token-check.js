// @ts-check
'use strict'

// An LDAP server on loopback that accepts a token as a password, so that a database with LDAP authentication verifies tokens as Azure's
// does. It implements only the simple bind (RFC 4511), which PostgreSQL needs.

const { once } = require('node:events')
const net = require('node:net')

const BIND = 0x60
const INVALID_CREDENTIALS = 49

/**
 * @typedef {{ name: string, password: string, id: number }} Bind
 * @typedef {{ name: string, claims: Record<string, any> }} Accepted
 */

/** @param {(token: string) => Promise<Record<string, any>>} verify */
async function startLdapTokenCheck(verify) {
  /** @type {Accepted[]} the accepted users, and their tokens */
  const accepted = []
  const server = net.createServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', async (data) => {
      received = Buffer.concat([received, data])
      const bind = bindOf(received)
      if (bind === undefined) return
      received = Buffer.alloc(0)
      const claims = await verify(bind.password).catch(() => undefined)
      if (claims) accepted.push({ name: bind.name, claims })
      socket.write(bindResponse(bind.id, claims ? 0 : INVALID_CREDENTIALS))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return { port, accepted, close: () => server.close() }
}

/**
 * The bind request, once all of it has arrived.
 * @param {Buffer} received
 * @returns {Bind | undefined}
 */
function bindOf(received) {
  const message = element(received, 0)
  if (message === undefined || message.end > received.length) return undefined
  const id = sure(element(received, message.start))
  const request = sure(element(received, id.end))
  if (request.tag !== BIND) return undefined
  const name = sure(element(received, sure(element(received, request.start)).end))
  const password = sure(element(received, name.end))
  const text = (/** @type {{ start: number, end: number }} */ { start, end }) => received.toString('utf8', start, end)
  return { id: received.readUIntBE(id.start, id.end - id.start), name: text(name), password: text(password) }
}

/**
 * The position of the content of a BER element; undefined if its header has not arrived.
 * @param {Buffer} bytes
 * @param {number} at
 */
function element(bytes, at) {
  if (bytes.length < at + 2) return undefined
  const first = bytes[at + 1]
  const more = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + more
  if (bytes.length < start) return undefined
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more)
  return { tag: bytes[at], start, end: start + length }
}

/** @template T @param {T | undefined} value @returns {T} */
function sure(value) {
  if (value === undefined) throw new Error('the message of LDAP ends too early')
  return value
}

/** @param {number} id @param {number} result */
function bindResponse(id, result) {
  return Buffer.from([0x30, 0x0c, 0x02, 0x01, id, 0x61, 0x07, 0x0a, 0x01, result, 0x04, 0x00, 0x04, 0x00])
}

module.exports = { startLdapTokenCheck }
