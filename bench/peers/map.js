// @ts-check
'use strict'

const https = require('./https')
const { TOKEN_LENGTH } = require('../service')

/** Clients of the same application share one entry. @type {Map<string, import('../types').Client>} */
const clients = new Map()

/** Tokens without a service. Flattened, like a string of a service's answer. */
const offline = {
  token: async () => ({
    token: Buffer.alloc(TOKEN_LENGTH, 'x').toString('latin1'),
    expiresOnTimestamp: Date.now() + 3_599_000,
  }),
}

/**
 * The baseline of a cache: a Map behind an async function. All calls during the first request share its promise.
 *
 * @param {import('../types').Settings} settings
 * @param {Record<string, any>} parameters
 * @returns {import('../types').Client}
 */
function openSecret(settings, parameters) {
  const kept = clients.get(settings.clientId) ?? openClient(settings, parameters)
  clients.set(settings.clientId, kept)
  return kept
}

/**
 * @param {import('../types').Settings} settings
 * @param {Record<string, any>} parameters
 * @returns {import('../types').Client}
 */
function openClient(settings, parameters) {
  const client = parameters.offline ? offline : /** @type {import('../types').Client} */ (https.openSecret?.(settings, parameters))
  /** @type {Map<string, any>} */
  const entries = new Map()
  /** @type {Map<string, Promise<any>>} */
  const flights = new Map()

  /** @param {string | undefined} resource */
  function acquire(resource) {
    const key = resource ?? ''
    const flight = flights.get(key) ?? client.token(resource).then((entry) => {
      entries.set(key, entry)
      flights.delete(key)
      return entry
    })
    flights.set(key, flight)
    return flight
  }

  /** @param {{ endpoint?: string }} [args] */
  async function cached(args) {
    const entry = entries.get(args?.endpoint ?? '')
    if (entry !== undefined && entry.expiresOnTimestamp > Date.now()) return entry
    return acquire(args?.endpoint)
  }

  return { token: (endpoint) => (endpoint === undefined ? cached() : cached({ endpoint })) }
}

/** @type {import('../types').Peer} */
module.exports = { openSecret }
