// @ts-check
'use strict'

// Loaded before a program that calls services of Azure by their real names: connections to the hosts that STAND_INS lists go to
// ports of this machine, and those to other machines fail.

const net = require('node:net')

/** @type {Record<string, number>} */
const ports = JSON.parse(process.env.STAND_INS ?? '{}')
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (/** @type {any[]} */ ...values) {
  // node:net passes on what it has normalized: a list with the options in front.
  const [options] = Array.isArray(values[0]) ? values[0] : values
  if (typeof options.path !== 'string') redirect(options)
  return connect.apply(this, /** @type {any} */ (values))
}

/** @param {{ host?: string, port: number }} options */
function redirect(options) {
  const { host = 'localhost' } = options
  if (LOOPBACK.test(host)) return
  if (!(host in ports)) throw new Error(`a test must not connect to ${host}`)
  Object.assign(options, { host: '127.0.0.1', port: ports[host] })
}
