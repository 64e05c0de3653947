// @ts-check
'use strict'

// As much of SQL Server as a client's login with a token of Entra ID needs: it answers the greeting, says what the token has to be
// for, keeps the token that it gets, and turns the client away. Without TLS, which older clients begin inside the protocol.

const { once } = require('node:events')
const net = require('node:net')
const { PACKET, answer, eachMessage, prelogin, tokenIn, wantsToken } = require('../support/tds-server')

/**
 * @param {string} resource what the token has to be for
 * @param {string} authority who issues it
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
