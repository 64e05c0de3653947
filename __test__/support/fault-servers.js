// @ts-check
'use strict'

// @peculiar/x509 needs the Reflect metadata API, which must be loaded first.
require('reflect-metadata')
const x509 = require('@peculiar/x509')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const tls = require('node:tls')
const { Worker } = require('node:worker_threads')
const { webcrypto } = require('node:crypto')
const { generateCACertificate, getLocal } = require('mockttp')
const { issueServerCertificate } = require('../../emulator/certificates')
const { issue } = require('./server-certificates')

/**
 * @typedef {Awaited<ReturnType<typeof startFaultServers>>} FaultServers
 * @typedef {{ certificate: string, privateKey: string }} CertificatePair
 * @typedef {(socket: net.Socket, turn: number) => unknown} Act `turn` counts a server's requests from 0
 */

const DAY = 24 * 60 * 60 * 1000
const ELLIPTIC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * Servers that a test controls, down to the bytes: mockttp if HTTP is enough, else sockets.
 */
async function startFaultServers() {
  const [good, sameName, unknown, expired, otherName, commonNameOnly, trustedAuthority, untrustedAuthority] = await Promise.all([
    issueServerCertificate(),
    issueServerCertificate(),
    selfSigned('localhost', Date.now() + DAY, 'An unknown authority'),
    selfSigned('localhost', Date.now() - DAY),
    selfSigned('other.example', Date.now() + DAY),
    wished({ name: null }),
    wished({ isAuthority: true }),
    wished({ isAuthority: true }),
  ])
  const authority = await generateCACertificate()
  const mock = getLocal({ https: authority })
  await mock.start()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'faults-'))
  const caFile = path.join(folder, 'ca.pem')
  fs.writeFileSync(caFile, [authority.cert, good.caCertificate, ...[expired, otherName, commonNameOnly, trustedAuthority].map((pair) => pair.certificate)].join('\n'))
  const utf16File = path.join(folder, 'utf16.pem')
  fs.writeFileSync(utf16File, `\ufeff${authority.cert}`, 'utf16le')
  /** @type {{ server: net.Server, sockets: Set<net.Socket> }[]} */
  const open = []
  /** @type {(() => Promise<unknown>)[]} */
  const closing = []

  /** @param {net.Server} server */
  async function opened(server) {
    const sockets = new Set()
    server.on('connection', (socket) => {
      sockets.add(socket)
      // In these tests clients close connections early.
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    open.push({ server, sockets })
    return /** @type {net.AddressInfo} */ (server.address()).port
  }

  return {
    caFile,
    utf16File,
    mock,
    mockAuthority: `https://localhost:${mock.port}/`,
    certificates: { good, sameName, unknown, expired, otherName, commonNameOnly, trustedAuthority, untrustedAuthority },
    /**
     * A server that passes on the bytes of a connection as they arrive.
     * @param {(socket: net.Socket) => void} act
     */
    tcp: (act) => opened(net.createServer(act)),
    /**
     * A server that completes the TLS handshake, reads a request and then acts.
     * @param {Act} act
     * @param {tls.TlsOptions & { pair?: CertificatePair }} [options]
     */
    tls: (act, { pair = good, ...options } = {}) => opened(tlsServer(act, { ...options, cert: pair.certificate, key: pair.privateKey })),
    /** A server that accepts no connection, and whose queue is full: further connections are neither accepted nor refused. */
    async deaf() {
      const { port, close } = await startDeafServer()
      closing.push(close)
      return port
    },
    /** The number of open connections to all servers but mockttp's. */
    connections: () => open.reduce((sum, { sockets }) => sum + sockets.size, 0),
    async close() {
      await Promise.all([mock.stop(), ...closing.map((close) => close())])
      for (const { server, sockets } of open) {
        server.close()
        for (const socket of sockets) socket.destroy()
      }
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A thread that listens and accepts no connection. */
async function startDeafServer() {
  const body = `
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:worker_threads').parentPort.postMessage(server.address().port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const worker = new Worker(body, { eval: true })
  const [port] = await once(worker, 'message')
  const waiting = Array.from({ length: 4 }, () => net.connect(port, '127.0.0.1').on('error', () => {}))
  // As many connections as fit into the queue.
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')))
  const close = () => {
    for (const socket of waiting) socket.destroy()
    return worker.terminate()
  }
  return { port, close }
}

/**
 * @param {Act} act
 * @param {tls.TlsOptions} options
 */
function tlsServer(act, options) {
  let turn = 0
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1')
      if (!isWhole(received)) return
      received = ''
      act(socket, turn++)
    })
  })
  return server.on('tlsClientError', () => {})
}

/** @param {string} received whether it is a complete request */
function isWhole(received) {
  const [head, body] = received.split('\r\n\r\n', 2)
  return body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
}

/** @param {import('./server-certificates').Wish} wish @returns {Promise<CertificatePair>} */
async function wished(wish) {
  const { pem, privateKey } = await issue(wish)
  return { certificate: pem, privateKey }
}

/**
 * @param {string} name
 * @param {number} notAfter
 * @param {string} [subject]
 * @returns {Promise<CertificatePair>}
 */
async function selfSigned(name, notAfter, subject = `${name} by itself`) {
  x509.cryptoProvider.set(/** @type {any} */ (webcrypto))
  const keys = await webcrypto.subtle.generateKey(ELLIPTIC, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${subject}`,
    notBefore: new Date(notAfter - 2 * DAY),
    notAfter: new Date(notAfter),
    signingAlgorithm: ELLIPTIC,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return { certificate: certificate.toString('pem'), privateKey: x509.PemConverter.encode(Buffer.from(key, 'base64'), 'PRIVATE KEY') }
}

module.exports = { startFaultServers }
