// @ts-check
'use strict'

const http = require('node:http')
const https = require('node:https')
const { setTimeout: sleep } = require('node:timers/promises')
const { once, setMaxListeners } = require('node:events')
const { replacesAnswer } = require('./faults')
const { withoutSecrets } = require('./journal')
const { assertLoopback } = require('./loopback')
const { BadRequest, addressOf, originOf } = require('./origin')

/**
 * @typedef {import('./messages').Request} Request
 * @typedef {import('./messages').Answer} Answer
 * @typedef {import('./messages').Handler} Handler
 *
 * @typedef {object} ServerOptions
 * @property {string} service
 * @property {Handler} handle
 * @property {import('./journal').Journal} journal
 * @property {import('./faults').Faults} faults
 * @property {import('./certificates').CertificatePair} [tls] without it, the server uses http
 * @property {readonly string[]} [names] more names than localhost
 * @property {string} [host]
 * @property {number} [port]
 */

const MAXIMUM_BODY = 1024 * 1024

// A thousand clients may connect at once. With Node's default queue of 511 some of them would wait for a retransmission.
const BACKLOG = 4096

// Entra ID keeps idle connections open for minutes. Node's 5 s would close them between two calls of a test.
const KEEP_ALIVE = 120_000

/**
 * @param {ServerOptions} options
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
async function startServer(options) {
  const { host = '127.0.0.1', port = 0, journal } = options
  assertLoopback(host)
  const closing = new AbortController()
  // Every delayed answer listens to it, and a benchmark has thousands of them.
  setMaxListeners(0, closing.signal)
  const server = createServer(options, (incoming, outgoing) => {
    serve(options, closing.signal, incoming, outgoing).catch((error) => sendFailure(outgoing, closing.signal, error))
  })
  server.keepAliveTimeout = KEEP_ALIVE
  server.on('connection', () => journal.count('connections'))
  server.on('secureConnection', (socket) => socket.isSessionReused() && journal.count('resumedSessions'))
  server.listen({ host, port, backlog: BACKLOG })
  await once(server, 'listening')
  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    close: () => close(server, closing)
  }
}

/**
 * @param {ServerOptions} options
 * @param {http.RequestListener} listener
 * @returns {http.Server | https.Server}
 */
function createServer({ tls }, listener) {
  if (!tls) return http.createServer(listener)
  return https.createServer({ cert: tls.certificate, key: tls.privateKey, minVersion: 'TLSv1.2' }, listener)
}

/**
 * @param {http.Server | https.Server} server
 * @param {AbortController} closing
 */
async function close(server, closing) {
  closing.abort()
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/**
 * @param {ServerOptions} options
 * @param {AbortSignal} closing
 * @param {http.IncomingMessage} incoming
 * @param {http.ServerResponse} outgoing
 */
async function serve(options, closing, incoming, outgoing) {
  const body = await readBody(incoming)
  if (body === undefined) return send(outgoing, { status: 413 })
  const request = parseRequest(options, incoming, body)
  const recorded = withoutSecrets(request, options.journal.secrets)
  options.journal.record(recorded)
  const fault = options.faults.next(recorded) ?? {}
  if (fault.delay) await sleep(fault.delay, undefined, { signal: closing })
  if (replacesAnswer(fault)) return sendFault(outgoing, fault)
  if (fault.destroy) return void incoming.socket.destroy()
  const answer = await options.handle(request)
  send(outgoing, { ...answer, headers: { ...answer.headers, ...fault.headers } })
}

/**
 * An error of the emulator must not look like an error of the client, and must not be ignored.
 * @param {http.ServerResponse} outgoing
 * @param {AbortSignal} closing
 * @param {unknown} error
 */
function sendFailure(outgoing, closing, error) {
  if (closing.aborted || outgoing.headersSent) return void outgoing.socket?.destroy()
  if (error instanceof BadRequest) return send(outgoing, { status: error.status, body: error.message })
  send(outgoing, { status: 500, body: { error: 'server_error', error_description: `The emulator failed: ${error}` } })
}

/**
 * @param {http.ServerResponse} outgoing
 * @param {import('./faults').Fault} fault
 */
function sendFault(outgoing, fault) {
  if (!fault.destroy) return send(outgoing, fault)
  const { head, body } = rendered(fault)
  // The declared length exceeds the body's, so that the client detects a truncated answer however the connection ends.
  outgoing.writeHead(fault.status ?? 200, { 'content-length': String(body.length + 1), ...head })
  outgoing.write(body, () => outgoing.socket?.destroy())
}

/**
 * @param {http.ServerResponse} outgoing
 * @param {Answer} answer
 */
function send(outgoing, answer) {
  const { head, body } = rendered(answer)
  outgoing.writeHead(answer.status ?? 200, { 'content-length': String(body.length), ...head })
  outgoing.end(body)
}

/** @param {Answer} answer */
function rendered({ headers = {}, body = '' }) {
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  return { head: { 'content-type': type, ...headers }, body: Buffer.from(isText ? body : JSON.stringify(body)) }
}

/**
 * @param {http.IncomingMessage} incoming
 * @returns {Promise<string | undefined>}
 */
async function readBody(incoming) {
  const chunks = []
  let length = 0
  for await (const chunk of incoming) {
    length += chunk.length
    if (length > MAXIMUM_BODY) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * @param {ServerOptions} options
 * @param {http.IncomingMessage} incoming
 * @param {string} body
 * @returns {Request}
 */
function parseRequest({ service, tls, names = [] }, incoming, body) {
  const origin = originOf(incoming.headers.host, tls ? 'https' : 'http', names)
  const { pathname, searchParams } = addressOf(incoming.url ?? '/', origin)
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return {
    service,
    method: incoming.method ?? 'GET',
    origin,
    path: decoded(pathname),
    query: searchParams,
    headers: incoming.headers,
    form: new URLSearchParams(isForm ? body : '')
  }
}

/** @param {string} path */
function decoded(path) {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

module.exports = { startServer }
