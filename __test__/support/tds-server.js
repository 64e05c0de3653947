// @ts-check
'use strict'

// A stand-in for Azure SQL Database, for which there is no offline server: TDS 8.0 ([MS-TDS]) over TLS, with the login with a token. It
// names the token's resource, verifies the token, and answers `select suser_sname()` with the application's id.

const { once } = require('node:events')
const tls = require('node:tls')
const { issueServerCertificate } = require('../../emulator/certificates')

const PACKET = { call: 3, answer: 4, federatedToken: 8, login: 16, prelogin: 18 }
const HEADER = 8
const LAST = 1

/** @typedef {{ type: number, data: Buffer }} Message */

/**
 * @param {string[]} names
 * @param {string} resource of the tokens that it requires
 * @param {import('./resource-server').Verify} verify
 */
async function startTdsServer(names, resource, verify) {
  const { caCertificate, certificate, privateKey } = await issueServerCertificate(names)
  /** @type {Record<string, any>[]} the claims of accepted tokens */
  const accepted = []
  const server = tls.createServer({ cert: certificate, key: privateKey, ALPNProtocols: ['tds/8.0'] }, (socket) => {
    socket.on('error', () => {})
    /** @type {string} */
    let user
    eachMessage(socket, async ({ type, data }) => {
      if (type !== PACKET.federatedToken) return answer(socket, reply(type, data, resource, user))
      const claims = await verify(tokenIn(data)).catch(() => undefined)
      if (!claims) return answer(socket, Buffer.concat([refusal(), done()]))
      accepted.push(claims)
      user = claims.appid
      answer(socket, Buffer.concat([acknowledged(), done()]))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { port, caCertificate, accepted, close: async () => { server.close() } }
}

/**
 * @param {number} type
 * @param {Buffer} data
 * @param {string} resource
 * @param {string} user
 */
function reply(type, data, resource, user) {
  if (type === PACKET.prelogin) return prelogin()
  if (type === PACKET.login) return Buffer.concat([wantsToken(resource, 'https://login.example/'), done()])
  // The client's statements before the program's own have no rows.
  if (!data.toString('utf16le').includes('suser_sname')) return done()
  return type === PACKET.call ? Buffer.concat([row(user), done(0xff), done(0xfe)]) : Buffer.concat([row(user), done()])
}

/**
 * A message is one or more packets, the last of which is marked.
 * @param {import('node:net').Socket} socket
 * @param {(message: Message) => void} handle
 */
function eachMessage(socket, handle) {
  let received = Buffer.alloc(0)
  let data = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    while (received.length >= HEADER && received.length >= received.readUInt16BE(2)) {
      const [type, status, length] = [received[0], received[1], received.readUInt16BE(2)]
      data = Buffer.concat([data, received.subarray(HEADER, length)])
      received = received.subarray(length)
      if (!(status & LAST)) continue
      handle({ type, data })
      data = Buffer.alloc(0)
    }
  })
}

/** @param {import('node:net').Socket} socket @param {Buffer} data */
function answer(socket, data) {
  const header = Buffer.from([PACKET.answer, LAST, 0, 0, 0, 0, 1, 0])
  header.writeUInt16BE(HEADER + data.length, 2)
  socket.write(Buffer.concat([header, data]))
}

/** PRELOGIN: its version, no encryption besides TLS, and the required federated login. */
function prelogin() {
  const options = [[0, [16, 0, 0, 0, 0, 0]], [1, [2]], [6, [1]]]
  let at = options.length * 5 + 1
  const heads = options.map(([token, value]) => {
    const { length } = /** @type {number[]} */ (value)
    at += length
    return Buffer.from([Number(token), 0, at - length, 0, length])
  })
  return Buffer.concat([...heads, Buffer.from([0xff]), ...options.map(([, value]) => Buffer.from(/** @type {number[]} */ (value)))])
}

/** FEDAUTHINFO: the authority and the resource of the token. @param {string} resource @param {string} authority */
function wantsToken(resource, authority) {
  const values = [[1, authority], [2, resource]].map(([id, text]) => ({ id: Number(id), data: utf16(String(text)) }))
  let at = 4 + values.length * 9
  const heads = values.map(({ id, data }) => {
    at += data.length
    return Buffer.concat([Buffer.from([id]), uint32(data.length), uint32(at - data.length)])
  })
  const body = Buffer.concat([uint32(values.length), ...heads, ...values.map(({ data }) => data)])
  return Buffer.concat([Buffer.from([0xee]), uint32(body.length), body])
}

/** FEDAUTH: the token that the client sends. @param {Buffer} data */
function tokenIn(data) {
  return data.toString('utf16le', 8, 8 + data.readUInt32LE(4))
}

/** LOGINACK of TDS 7.4 and later, and FEATUREEXTACK: the server accepted the token. */
function acknowledged() {
  const name = utf16('stand-in')
  const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4, name.length / 2]), name, Buffer.from([16, 0, 0, 0])])
  return Buffer.concat([Buffer.from([0xad]), uint16(body.length), body, Buffer.from([0xae, 2, 0, 0, 0, 0, 0xff])])
}

/** ERROR 18456: the login failed. */
function refusal() {
  const text = utf16('Login failed for the token.')
  const body = Buffer.concat([uint32(18456), Buffer.from([1, 14]), uint16(text.length / 2), text, Buffer.from([0, 0]), uint32(1)])
  return Buffer.concat([Buffer.from([0xaa]), uint16(body.length), body])
}

/** COLMETADATA of one NVARCHAR column `name`, and a ROW of it. @param {string} value */
function row(value) {
  const [name, text] = [utf16('name'), utf16(value)]
  const column = Buffer.concat([uint32(0), uint16(0), Buffer.from([0xe7]), uint16(256), Buffer.from([9, 4, 0xd0, 0, 0x34]), Buffer.from([name.length / 2]), name])
  return Buffer.concat([Buffer.from([0x81]), uint16(1), column, Buffer.from([0xd1]), uint16(text.length), text])
}

/** DONE, DONEINPROC (of a statement in a call) or DONEPROC (of the call). */
function done(token = 0xfd) {
  return Buffer.concat([Buffer.from([token]), Buffer.alloc(12)])
}

/** @param {string} text */
function utf16(text) {
  return Buffer.from(text, 'utf16le')
}

/** @param {number} value */
function uint16(value) {
  return Buffer.from([value & 0xff, value >> 8])
}

/** @param {number} value */
function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

module.exports = { PACKET, answer, eachMessage, prelogin, startTdsServer, tokenIn, wantsToken }
