// @ts-check
'use strict'

const https = require('./https')

/**
 * What a cache can cost at the least: a Map behind an async function. One
 * promise serves all who ask while the first is on its way.
 *
 * @param {import('../types').Settings} settings
 * @param {Record<string, any>} parameters
 * @returns {import('../types').Client}
 */
function openSecret(settings, parameters) {
  const client = /** @type {import('../types').Client} */ (https.openSecret?.(settings, parameters))
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
