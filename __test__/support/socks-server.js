// @ts-check
'use strict'

const { once } = require('node:events')
const net = require('node:net')

/**
 * A SOCKS5 proxy (RFC 1928, RFC 1929) that records its requests. It requires the user and the password, if given.
 * @param {{ user: string, password: string }} [login]
 */
async function startSocksServer(login) {
  /** @type {{ by: 'address' | 'name', host: string }[]} */
  const asked = []
  const server = net.createServer((client) => {
    client.on('error', () => {})
    serve(client, login, asked).catch(() => client.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { asked, port: /** @type {net.AddressInfo} */ (server.address()).port, close: () => server.close() }
}

/**
 * @param {net.Socket} client
 * @param {{ user: string, password: string } | undefined} login
 * @param {{ by: 'address' | 'name', host: string }[]} asked
 */
async function serve(client, login, asked) {
  const methods = await text(client, (await bytes(client, 2))[1])
  const method = login ? 2 : 0
  if (!methods.includes(String.fromCharCode(method))) return void client.end(Buffer.from([5, 0xff]))
  client.write(Buffer.from([5, method]))
  if (login && !(await isLetIn(client, login))) return void client.end(Buffer.from([1, 1]))
  if (login) client.write(Buffer.from([1, 0]))
  const type = (await bytes(client, 4))[3]
  const host = type === 1 ? [...(await bytes(client, 4))].join('.') : await text(client, (await bytes(client, 1))[0])
  const port = (await bytes(client, 2)).readUInt16BE()
  asked.push({ by: type === 1 ? 'address' : 'name', host })
  const target = net.connect(port, host)
  target.on('error', () => client.destroy())
  await once(target, 'connect')
  client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
  client.pipe(target).pipe(client)
}

/**
 * @param {net.Socket} client
 * @param {{ user: string, password: string }} login
 */
async function isLetIn(client, { user, password }) {
  const given = await text(client, (await bytes(client, 2))[1])
  return (await text(client, (await bytes(client, 1))[0])) === password && given === user
}

/**
 * @param {net.Socket} client
 * @param {number} length
 * @returns {Promise<Buffer>}
 */
async function bytes(client, length) {
  for (;;) {
    const read = client.read(length)
    if (read !== null) return read
    if (client.readableEnded) throw new Error('the client has gone')
    await once(client, 'readable')
  }
}

/**
 * @param {net.Socket} client
 * @param {number} length
 */
async function text(client, length) {
  return (await bytes(client, length)).toString('utf8')
}

module.exports = { startSocksServer }
