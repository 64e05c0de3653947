// @ts-check
'use strict'

const { DEFAULT_RESOURCE } = require('../settings')

/** @typedef {import('../types').Settings} Settings */

/**
 * The baseline with Node.js alone: one POST for each call, over keep-alive sockets. Loads node:https late, because `load` measures that.
 *
 * @param {Settings} settings
 * @param {Record<string, any>} parameters
 * @returns {import('../types').Client}
 */
function openSecret(settings, { sockets = 32 }) {
  const { Agent } = require('node:https')
  const agent = new Agent({ keepAlive: true, maxSockets: sockets })
  return {
    token: (resource = DEFAULT_RESOURCE, tenantId = settings.tenantId) =>
      post(agent, `${settings.authorityHost}${tenantId}/oauth2/v2.0/token`, form(settings, resource)),
  }
}

/**
 * @param {Settings} settings
 * @param {string} resource
 */
function form({ clientId, clientSecret }, resource) {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${resource}/.default`,
  }).toString()
}

/**
 * @param {import('node:https').Agent} agent
 * @param {string} url
 * @param {string} body
 * @returns {Promise<{ token: string, expiresOnTimestamp: number }>}
 */
function post(agent, url, body) {
  const { request } = require('node:https')
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks = /** @type {Buffer[]} */ ([])
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { access_token: token, expires_in: lifetime, error } = JSON.parse(Buffer.concat(chunks).toString())
        if (error) reject(new Error(`refused with ${response.statusCode}: ${error}`))
        else resolve({ token, expiresOnTimestamp: Date.now() + lifetime * 1e3 })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** @type {import('../types').Peer} */
module.exports = { module: 'node:https', openSecret }
