// @ts-check
'use strict'

const { X509Certificate, createHash } = require('node:crypto')
const { once } = require('node:events')
const https = require('node:https')
const { issueServerCertificate } = require('../../emulator/certificates')

const PATH = '/adfs/oauth2/token'

/**
 * A stand-in for an AD FS that verifies a client's assertion: RS256, verified by jose, and the certificate's SHA-1 thumbprint.
 * @param {{ clientId: string, certificate: string }} client the certificate as PEM
 */
async function startAdfs(client) {
  const tls = await issueServerCertificate()
  const server = https.createServer({ cert: tls.certificate, key: tls.privateKey })
  server.on('request', async (request, response) => {
    const { status, body } = await answer(request, port(server), client)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    authorityHost: `https://localhost:${port(server)}/adfs`,
    caCertificate: tls.caCertificate,
    close() {
      server.close()
      server.closeAllConnections()
    }
  }
}

/** @param {https.Server} server */
function port(server) {
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {number} ownPort
 * @param {{ clientId: string, certificate: string }} client
 */
async function answer(request, ownPort, client) {
  if (request.url !== PATH) return { status: 404, body: { error: 'not_found' } }
  const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString('utf8'))
  try {
    await verify(form.get('client_assertion') ?? '', `https://localhost:${ownPort}${PATH}`, client)
    return { status: 200, body: { access_token: 'issued.by.adfs', token_type: 'bearer', expires_in: 3600 } }
  } catch (error) {
    return { status: 400, body: { error: 'invalid_client', error_description: String(error) } }
  }
}

/**
 * @param {string} assertion
 * @param {string} audience
 * @param {{ clientId: string, certificate: string }} client
 */
async function verify(assertion, audience, { clientId, certificate }) {
  const { jwtVerify } = await import('jose')
  const { publicKey, raw } = new X509Certificate(certificate)
  const expected = { algorithms: ['RS256'], audience, issuer: clientId, subject: clientId }
  const { protectedHeader } = await jwtVerify(assertion, publicKey, expected)
  const thumbprint = createHash('sha1').update(raw).digest('base64url')
  if (protectedHeader.x5t !== thumbprint) throw new Error('x5t is not the certificate\'s')
}

module.exports = { startAdfs }
