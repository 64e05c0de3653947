// @ts-check
'use strict'

const { isIP } = require('node:net')

/** A request that no handler can answer. */
class BadRequest extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

const AUTHORITY = /^(\[[\da-f:.]+\]|[a-z\d.-]+)(?::(\d{1,5}))?$/i

/**
 * Returns the origin of a request. A page of any site can make its own name resolve to this machine (DNS rebinding) and then
 * send requests with that name; the server rejects them. A request with an address in place of a name comes from a page of that
 * address, and browsers let no other page send it.
 * @param {string | undefined} host the header of that name, which HTTP/1.0 does not require
 * @param {string} protocol
 * @param {readonly string[]} names the server's names besides localhost
 */
function originOf(host = 'localhost', protocol, names) {
  const [, name, port] = AUTHORITY.exec(host) ?? []
  const origin = `${protocol}://${host}`
  if (name === undefined || Number(port ?? 0) > 65_535 || !URL.canParse(origin)) throw new BadRequest(400, 'The header host is malformed.')
  if (!isOwn(name.toLowerCase().replace(/\.$/, ''), names)) {
    throw new BadRequest(421, 'The emulator serves localhost, addresses and the hosts in its option names, and not this host.')
  }
  return origin
}

/**
 * @param {string} name
 * @param {readonly string[]} names
 */
function isOwn(name, names) {
  if (name === 'localhost' || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true
  return names.some((own) => own.toLowerCase() === name)
}

/**
 * @param {string} target the target in the request line
 * @param {string} origin
 */
function addressOf(target, origin) {
  if (!URL.canParse(target, origin)) throw new BadRequest(400, "The request's target is malformed.")
  return new URL(target, origin)
}

module.exports = { BadRequest, addressOf, originOf }
