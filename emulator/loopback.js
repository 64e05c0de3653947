// @ts-check
'use strict'

const { BlockList, isIP } = require('node:net')
const { networkInterfaces } = require('node:os')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/**
 * The emulator gives tokens to every client that asks, so other machines must not reach it.
 * An address that the system has assigned to its own loopback interface is as good as 127.0.0.1: that is how 169.254.169.254
 * is served inside a network namespace.
 * @param {string} host
 */
function assertLoopback(host) {
  if (isLoopback(host)) return
  throw new Error(`the emulator serves loopback addresses only, and ${isIP(host) === 0 ? 'the name given' : host} is not one`)
}

/** @param {string} host */
function isLoopback(host) {
  if (typeof host !== 'string') return false
  const family = isIP(host)
  if (family === 0) return host === 'localhost'
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4') || isOnLoopbackInterface(host)
}

/** @param {string} host */
function isOnLoopbackInterface(host) {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address, internal }) => internal && address === host)
  )
}

/**
 * Returns the name by which clients call a server that listens there, and which is in its certificate.
 * @param {string} [host]
 */
function nameOf(host = 'localhost') {
  if (isIP(host) === 6) return `[${host}]`
  return host === '127.0.0.1' ? 'localhost' : host
}

module.exports = { assertLoopback, nameOf }
