// @ts-check
'use strict'

const { once } = require('node:events')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { issueServerCertificate } = require('../../emulator/certificates')
const { runNode } = require('./run')

const REQUEST_TOKEN = 'the-jobs-own-word'
const QUERY = 'api-version=2.0&job=1'

/**
 * The token service of a job in GitHub Actions, which always returns this assertion, and a token endpoint that accepts any request. Both
 * record their requests.
 * @param {string} assertion
 */
async function startActions(assertion) {
  const tls = await issueServerCertificate()
  /** @type {Record<string, unknown>[]} */
  const requests = []
  /** @type {(string | null)[]} */
  const assertions = []
  const server = https.createServer({ cert: tls.certificate, key: tls.privateKey }, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    if (request.method === 'POST') {
      assertions.push(new URLSearchParams(body).get('client_assertion'))
      return response.end(JSON.stringify({ access_token: 'issued', expires_in: 3600, token_type: 'Bearer' }))
    }
    requests.push(described(request))
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ count: 1, value: assertion }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'actions-'))
  const caFile = path.join(folder, 'ca.pem')
  fs.writeFileSync(caFile, tls.caCertificate)
  const requestUrl = `https://localhost:${port}/idtoken?${QUERY}`

  return {
    authorityHost: `https://localhost:${port}/`,
    ca: tls.caCertificate,
    requestUrl,
    requestToken: REQUEST_TOKEN,
    /** The service's requests, in order. */
    requests,
    /** The assertions that the token endpoint received, in order. */
    assertions,
    /**
     * Returns the assertion that GitHub's own library gets in a job's environment.
     * @param {string} audience
     */
    async theirs(audience) {
      const script = `import('@actions/core').then(({ getIDToken }) => getIDToken('${audience}')).then(console.log)`
      const job = { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN }
      // The library also prints commands for the runner.
      return (await runNode(script, { ...job, NODE_EXTRA_CA_CERTS: caFile })).trim().split('\n').at(-1)
    },
    close() {
      server.close()
      server.closeAllConnections()
      fs.rmSync(folder, { recursive: true })
    }
  }
}

/** @param {import('node:http').IncomingMessage} request */
function described({ method, url = '', headers }) {
  const { pathname, searchParams } = new URL(url, 'https://localhost')
  const { authorization, accept } = headers
  return { method, pathname, parameters: Object.fromEntries(searchParams), authorization, accept }
}

module.exports = { startActions }
