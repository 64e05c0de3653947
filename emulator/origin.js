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
 * The origin that a request is for. A page of any site can make its own name lead to this machine (DNS rebinding) and then asks with
 * that name: it gets no token. An address in the place of the name is the page's own, and no browser lets it be another one's.
 * @param {string | undefined} host the header of that name, which HTTP/1.0 may leave out
 * @param {string} protocol
 * @param {readonly string[]} names what the server is called besides localhost
 */
function originOf(host = 'localhost', protocol, names) {
  const [, name, port] = AUTHORITY.exec(host) ?? []
  const origin = `${protocol}://${host}`
  if (name === undefined || Number(port ?? 0) > 65_535 || !URL.canParse(origin)) throw new BadRequest(400, 'The header host is malformed.')
  if (!isOwn(name.toLowerCase().replace(/\.$/, ''), names)) {
    throw new BadRequest(421, 'The emulator answers for localhost, addresses, and what its option names has: not for this host.')
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
 * @param {string} target what the request line has
 * @param {string} origin
 */
function addressOf(target, origin) {
  if (!URL.canParse(target, origin)) throw new BadRequest(400, "The request's target is malformed.")
  return new URL(target, origin)
}

module.exports = { BadRequest, addressOf, originOf }
