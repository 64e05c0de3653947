// @ts-check
'use strict'

// A stand-in for an Azure registry with one image, which exchanges tokens of Entra ID for its own; and a stand-in for docker's daemon,
// which records the credentials that the CLI sends to pull an image.

const { createHash } = require('node:crypto')
const { once } = require('node:events')
const http = require('node:http')
const { tokenVerifier } = require('../../support/resource-server')

const REGISTRY = 'stand-in.azurecr.io'
const IMAGE = `${REGISTRY}/hello:latest`
const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json'

/** An image without layers. */
const CONFIG = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } })
const DIGEST = `sha256:${createHash('sha256').update(CONFIG).digest('hex')}`
const MANIFEST = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: CONFIG.length, digest: DIGEST }, layers: [] }

/** The token requests that it received. @type {{ path: string, form: Record<string, string>, audience?: string }[]} */
const asked = []
/** @type {unknown[]} the credentials that the daemon received */
const pulled = []
const state = { isRefusing: false }

/** @param {object} claims */
const unsigned = (claims) => ['{"alg":"none"}', JSON.stringify(claims), 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')
const REFRESH_TOKEN = unsigned({ exp: Math.floor(Date.now() / 1000) + 10_800, jti: 'the-registrys-own' })

/** @param {import('../../../emulator').Emulator} emulator @returns {Promise<import('../sessions/set-up').Respond>} */
async function registry(emulator) {
  const verify = await tokenVerifier(emulator, 'https://containerregistry.azure.net')
  return async ({ url = '', headers }, body, response) => {
    const form = Object.fromEntries(new URLSearchParams(body.toString()))
    const json = (/** @type {number} */ status, /** @type {object} */ answer, type = 'application/json') => void response.writeHead(status, { 'content-type': type }).end(JSON.stringify(answer))
    if (url === '/oauth2/exchange') {
      const claims = await verify(form.access_token).catch(() => undefined)
      asked.push({ path: url, form, audience: claims?.aud })
      return claims === undefined || state.isRefusing ? json(401, { errors: [{ code: 'UNAUTHORIZED' }] }) : json(200, { refresh_token: REFRESH_TOKEN })
    }
    if (url === '/oauth2/token') {
      asked.push({ path: url, form })
      return form.refresh_token === REFRESH_TOKEN ? json(200, { access_token: 'for-this-repository' }) : json(401, {})
    }
    if (headers.authorization === 'Bearer for-this-repository') {
      return url.endsWith(`/blobs/${DIGEST}`) ? void response.end(CONFIG) : json(200, MANIFEST, MANIFEST_TYPE)
    }
    response.setHeader('www-authenticate', `Bearer realm="https://${REGISTRY}/oauth2/token",service="${REGISTRY}",scope="repository:hello:pull"`)
    return json(401, { errors: [{ code: 'UNAUTHORIZED' }] })
  }
}

/** @param {string} socket */
async function startEngine(socket) {
  const engine = http.createServer((request, response) => {
    response.setHeader('content-type', 'application/json').setHeader('api-version', '1.43').setHeader('ostype', 'linux')
    if (/\/images\/create\?/.test(request.url ?? '')) pulled.push(JSON.parse(Buffer.from(String(request.headers['x-registry-auth'] ?? ''), 'base64url').toString() || 'null'))
    response.end(/\/auth$/.test(request.url ?? '') ? '{"Status":"Login Succeeded","IdentityToken":""}' : '{"status":"done"}\n')
  })
  await once(engine.listen(socket), 'listening')
  return engine
}

module.exports = { IMAGE, REFRESH_TOKEN, REGISTRY, asked, pulled, registry, startEngine, state }
