// @ts-check
'use strict'

const { inspect } = require('node:util')

const { readSettings } = require('../settings')

/**
 * Checks whether a program that prints its credential, before or after a call, prints its secret.
 *
 * @param {import('../types').Peer} peer
 */
module.exports = async (peer) => {
  const settings = readSettings()
  const client = peer.openSecret?.(settings, { credential: true })
  if (!client) throw new Error('this peer has no such client')
  const before = show(client.holder)
  await client.token()
  const after = show(client.holder)
  const contains = (/** @type {'inspected' | 'json'} */ form) =>
    Number([before, after].some((shown) => shown[form].includes(settings.clientSecret)))
  return { inspected: contains('inspected'), json: contains('json') }
}

/** @param {unknown} holder */
function show(holder) {
  return { inspected: inspect(holder, { depth: Infinity, showHidden: true, maxStringLength: Infinity }), json: stringify(holder) }
}

/**
 * Like JSON.stringify, but without values that it cannot serialise (circular references), as in loggers. Decodes JSON's escapes, because a
 * reader can.
 *
 * @param {unknown} holder
 */
function stringify(holder) {
  const seen = new Set()
  const json = JSON.stringify(holder, (_key, value) => {
    if (typeof value !== 'object' || value === null) return value
    if (seen.has(value)) return undefined
    seen.add(value)
    return value
  })
  return String(json).replace(/\\(["\\])/g, '$1')
}
