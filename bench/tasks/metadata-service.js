// @ts-check
'use strict'

const { once } = require('node:events')
const { createServer } = require('node:http')
const { createServer: createProxy } = require('node:net')

/**
 * Gets a token with the default login if only the metadata service of a virtual machine is available, and a proxy is configured. Runs with
 * its own network.
 *
 * @param {import('../types').Peer} peer
 */
module.exports = async (peer) => {
  let [direct, proxied] = [0, 0]
  const service = createServer((_request, response) => {
    direct += 1
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request","error_description":"Identity not found"}')
  }).listen(80, '169.254.169.254')
  const proxy = createProxy((socket) => {
    proxied += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await Promise.all([once(service, 'listening'), once(proxy, 'listening')])
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address())
  process.env.HTTP_PROXY = process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`
  await peer.openDefault?.({}).token().catch(() => {})
  service.close()
  service.closeAllConnections()
  proxy.close()
  return { direct: Math.min(direct, 1), proxied: Math.min(proxied, 1) }
}
