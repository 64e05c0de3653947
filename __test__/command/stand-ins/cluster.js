// @ts-check
'use strict'

// A stand-in for the API server of Kubernetes: it has one pod, and requires a valid token.

const { once } = require('node:events')
const https = require('node:https')
const { issueServerCertificate } = require('../../../emulator/certificates')

const pod = { metadata: { name: 'the-pod', namespace: 'default' } }

/** The answer at each path. @type {Record<string, object>} */
const answers = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [{ name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'] }] },
  '/api/v1/namespaces/default/pods': {
    kind: 'Table', apiVersion: 'meta.k8s.io/v1', columnDefinitions: [{ name: 'Name', type: 'string', format: 'name', description: '', priority: 0 }],
    rows: [{ cells: ['the-pod'], object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', ...pod } }],
  },
}

/** @param {import('../../support/resource-server').Verify} verify */
async function startCluster(verify) {
  const { caCertificate, certificate, privateKey } = await issueServerCertificate()
  /** @type {{ path: string, audience?: string }[]} */
  const asked = []
  const server = https.createServer({ cert: certificate, key: privateKey }, async ({ url, headers }, response) => {
    const [path] = String(url).split('?')
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
    const claims = await verify(token ?? '').catch(() => undefined)
    asked.push({ path, audience: claims?.aud })
    const status = claims === undefined ? 401 : path in answers ? 200 : 404
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status === 200 ? answers[path] : { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { address: `https://localhost:${port}`, caCertificate, asked, close: () => void (server.close(), server.closeAllConnections()) }
}

module.exports = { startCluster }
