// @ts-check
'use strict'

// As much of SQL Server as a client's login with a token of Entra ID needs: it answers the greeting, says what the token has to be
// for, keeps the token that it gets, and turns the client away. After the protocol's specification, [MS-TDS].

const { once } = require('node:events')
const net = require('node:net')

/** Types of messages. */
const PRELOGIN = 0x12
const LOGIN7 = 0x10
const FEDAUTH_TOKEN = 0x08
const RESPONSE = 0x04

const HEADER = 8

/**
 * @param {string} resource what the token has to be for
 * @param {string} authority who issues it
 */
async function startSqlServer(resource, authority) {
  /** @type {string[]} */
  const tokens = []
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    onMessages(socket, (type, payload) => {
      if (type === PRELOGIN) socket.write(message(greeting()))
      if (type === LOGIN7) socket.write(message(whereToGetToken(resource, authority)))
      if (type === FEDAUTH_TOKEN) {
        tokens.push(payload.subarray(8).toString('ucs2'))
        socket.destroy()
      }
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return { port, tokens, close: () => server.close() }
}

/**
 * A message is one or more packets, the last of which says so.
 * @param {net.Socket} socket
 * @param {(type: number, payload: Buffer) => void} receive
 */
function onMessages(socket, receive) {
  let unread = Buffer.alloc(0)
  let payload = Buffer.alloc(0)
  socket.on('data', (data) => {
    unread = Buffer.concat([unread, data])
    while (unread.length >= HEADER && unread.length >= unread.readUInt16BE(2)) {
      const [type, status, length] = [unread[0], unread[1], unread.readUInt16BE(2)]
      payload = Buffer.concat([payload, unread.subarray(HEADER, length)])
      unread = unread.subarray(length)
      if (!(status & 1)) continue
      receive(type, payload)
      payload = Buffer.alloc(0)
    }
  })
}

/** @param {Buffer} payload */
function message(payload) {
  const header = Buffer.from([RESPONSE, 1, 0, 0, 0, 0, 1, 0])
  header.writeUInt16BE(HEADER + payload.length, 2)
  return Buffer.concat([header, payload])
}

/** The version, no encryption, and that a login needs a token. */
function greeting() {
  const values = [[0x00, [16, 0, 0, 0, 0, 0]], [0x01, [2]], [0x06, [1]]]
  const table = Buffer.alloc(values.length * 5 + 1, 0xff)
  let offset = table.length
  for (const [index, [option, value]] of /** @type {[number, number[]][]} */ (values).entries()) {
    table.writeUInt8(option, index * 5)
    table.writeUInt16BE(offset, index * 5 + 1)
    table.writeUInt16BE(value.length, index * 5 + 3)
    offset += value.length
  }
  return Buffer.concat([table, ...values.map(([, value]) => Buffer.from(/** @type {number[]} */ (value)))])
}

/** @param {string} resource @param {string} authority */
function whereToGetToken(resource, authority) {
  const texts = [authority, resource].map((text) => Buffer.from(text, 'ucs2'))
  const table = Buffer.alloc(4 + texts.length * 9)
  table.writeUInt32LE(texts.length, 0)
  let offset = table.length
  for (const [index, text] of texts.entries()) {
    table.writeUInt8(index + 1, 4 + index * 9)
    table.writeUInt32LE(text.length, 5 + index * 9)
    table.writeUInt32LE(offset, 9 + index * 9)
    offset += text.length
  }
  const start = Buffer.alloc(5, 0xee)
  start.writeUInt32LE(offset, 1)
  return Buffer.concat([start, table, ...texts])
}

module.exports = { startSqlServer }
