// @ts-check
'use strict'

// A stand-in for the part of SQL Server that a login with a token of Entra ID needs: it answers the prelogin message, names the token's
// resource, records the token that it gets, and closes the connection. Without TLS, which older clients begin inside the protocol.

const { once } = require('node:events')
const net = require('node:net')
const { PACKET, answer, eachMessage, prelogin, tokenIn, wantsToken } = require('../support/tds-server')

/**
 * @param {string} resource of the token that it requires
 * @param {string} authority that issues it
 */
async function startSqlServer(resource, authority) {
  /** @type {string[]} */
  const tokens = []
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    eachMessage(socket, ({ type, data }) => {
      if (type === PACKET.prelogin) answer(socket, prelogin())
      if (type === PACKET.login) answer(socket, wantsToken(resource, authority))
      if (type === PACKET.federatedToken) {
        tokens.push(tokenIn(data))
        socket.destroy()
      }
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return { port, tokens, close: () => server.close() }
}

module.exports = { startSqlServer }
