// @ts-check
'use strict'

// Services that accept tokens of the emulator, and verify them with an independent library.

const { once } = require('node:events')
const https = require('node:https')
const { issueServerCertificate } = require('../../emulator/certificates')
const { request } = require('./http')

/** @typedef {Record<string, any>} Claims */

/**
 * Verifies signature, issuer, audience and expiry. Throws the error of `jose`.
 * @typedef {(token: string) => Promise<Claims>} Verify
 */

/**
 * @param {import('../../emulator').Emulator} emulator
 * @param {string} audience
 * @param {string} [tenantId] default: the emulator's default tenant
 * @returns {Promise<Verify>}
 */
async function tokenVerifier(emulator, audience, tenantId = emulator.tenantId) {
  const { createLocalJWKSet, jwtVerify } = await import('jose')
  const { json } = await request(`${emulator.authorityHost}${tenantId}/discovery/v2.0/keys`, { ca: emulator.caCertificate })
  const keys = createLocalJWKSet(json)
  const options = { issuer: `https://sts.windows.net/${tenantId}/`, audience, algorithms: ['RS256'], requiredClaims: ['exp', 'nbf', 'iat'] }
  return async (token) => (await jwtVerify(token, keys, options)).payload
}

/**
 * @typedef {object} Asked a request, in the order of arrival
 * @property {string} method
 * @property {string} path
 * @property {string | undefined} token
 * @property {any} body of JSON
 * @property {number} status of the answer
 *
 * @typedef {object} Service
 * @property {Verify} verify
 * @property {(asked: Pick<Asked, 'method' | 'path' | 'body'>, claims: Claims) => any} answer JSON, for a valid token
 * @property {(token: string | undefined) => string | undefined} [challenge] the header `www-authenticate` of a 401, if the answer is one
 *
 * @typedef {object} ResourceServer
 * @property {number} port
 * @property {string} caCertificate PEM
 * @property {Asked[]} asked
 * @property {() => Promise<void>} close
 */

/**
 * An https server for these host names, on loopback.
 * @param {string[]} names
 * @param {Service} service
 * @returns {Promise<ResourceServer>}
 */
async function startResourceServer(names, service) {
  const { caCertificate, certificate, privateKey } = await issueServerCertificate(names)
  /** @type {Asked[]} */
  const asked = []
  const server = https.createServer({ cert: certificate, key: privateKey }, async (incoming, outgoing) => {
    const one = await received(incoming)
    const { headers, body, ...outcome } = await outcomeOf(service, one)
    asked.push({ ...one, ...outcome })
    outgoing.writeHead(outcome.status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { port, caCertificate, asked, close: () => closed(server) }
}

/** @param {import('node:http').IncomingMessage} incoming */
async function received(incoming) {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk
  const token = tokenIn(incoming.headers.authorization ?? '')
  return { method: String(incoming.method), path: String(incoming.url), token, body: text ? JSON.parse(text) : undefined }
}

/** Azure Cosmos DB has its own form, which is percent-encoded. @param {string} authorization */
function tokenIn(authorization) {
  return (/^Bearer (.+)$/.exec(authorization) ?? /^type=aad&ver=1\.0&sig=(.+)$/.exec(decodeURIComponent(authorization)))?.[1]
}

/**
 * @param {Service} service
 * @param {Omit<Asked, 'status'>} one
 * @returns {Promise<{ status: number, body: any, headers?: Record<string, string> }>}
 */
async function outcomeOf({ verify, answer, challenge }, { token, ...asked }) {
  const wanted = challenge?.(token)
  if (wanted) return { status: 401, headers: { 'www-authenticate': wanted }, body: {} }
  try {
    return { status: 200, body: answer(asked, await verify(token ?? '')) }
  } catch (error) {
    return { status: 401, body: { error: { code: 'InvalidAuthenticationToken', message: String(error) } } }
  }
}

/** @param {https.Server} server */
async function closed(server) {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

module.exports = { startResourceServer, tokenVerifier }
