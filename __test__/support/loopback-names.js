// @ts-check
'use strict'

// Preloaded into a program that calls Azure services by their real names: names in STAND_INS resolve to an address on loopback, and a
// connection to it goes to the stand-in's port, whatever its own port is. The program cannot reach other names and other machines.

const dns = require('node:dns')
const net = require('node:net')

/** @type {[string, number][]} */
const standIns = Object.entries(JSON.parse(process.env.STAND_INS ?? '{}'))
const addresses = new Map(standIns.map(([host], place) => [host, `127.77.0.${place + 1}`]))
const ports = new Map(standIns.flatMap(([host, port]) => [[host, port], [addresses.get(host), port]]))
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

const { lookup } = dns
// @ts-expect-error the original also has a promisified form, which nothing here uses
dns.lookup = function (/** @type {string} */ host, /** @type {any[]} */ ...others) {
  const name = addresses.get(host) ?? host
  return lookup(LOOPBACK.test(name) ? name : outOfReach(host), .../** @type {[any]} */ (others))
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (/** @type {any[]} */ ...values) {
  // node:net may pass its normalized arguments: an array that begins with the options.
  const [options] = Array.isArray(values[0]) ? values[0] : values
  if (typeof options.path !== 'string') redirect(options)
  return connect.apply(this, /** @type {any} */ (values))
}

/** @param {{ host?: string, port: number }} options */
function redirect(options) {
  const { host = 'localhost' } = options
  const port = ports.get(host)
  if (port !== undefined) Object.assign(options, { host: '127.0.0.1', port })
  else if (!LOOPBACK.test(host)) outOfReach(host)
}

/** @param {string} host @returns {never} */
function outOfReach(host) {
  throw new Error(`a test must not connect to ${host}`)
}
