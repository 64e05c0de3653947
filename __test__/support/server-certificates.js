// @ts-check
'use strict'

// @peculiar/x509 needs the Reflect metadata API, which must be loaded first.
require('reflect-metadata')
const x509 = require('@peculiar/x509')
const { webcrypto } = require('node:crypto')
const { once } = require('node:events')
const https = require('node:https')

/**
 * @typedef {'P-256' | 'P-384' | 'P-521' | 'RSA-1024' | 'RSA-2048'} Key
 * @typedef {object} Wish
 * @property {Key} [key]
 * @property {'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'} [hash]
 * @property {string} [subject]
 * @property {string | null} [name] the alternative name; null: none
 * @property {boolean} [isAuthority]
 * @property {x509.KeyUsageFlags} [usage]
 * @property {string[]} [extendedUsage]
 * @property {number} [from] its first day, counted from today
 * @property {number} [until] its last day
 * @property {Authority} [issuer] absent: itself
 * @typedef {{ certificate: x509.X509Certificate, keys: any, algorithm: any, pem: string, privateKey: string }} Authority
 */

const DAY = 24 * 60 * 60 * 1000

/** Issues a certificate with these properties. @param {Wish} wish @returns {Promise<Authority>} */
async function issue(wish) {
  x509.cryptoProvider.set(/** @type {any} */ (webcrypto))
  const algorithm = algorithmOf(wish)
  const keys = /** @type {any} */ (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']))
  const subject = `CN=${wish.subject ?? 'localhost'}`
  const { certificate: issuer, keys: issuerKeys, algorithm: signingAlgorithm } = wish.issuer ?? { certificate: undefined, keys, algorithm }
  const certificate = await x509.X509CertificateGenerator.create({
    subject,
    issuer: issuer?.subject ?? subject,
    notBefore: new Date(Date.now() + (wish.from ?? -1) * DAY),
    notAfter: new Date(Date.now() + (wish.until ?? 1) * DAY),
    signingAlgorithm: wish.issuer && wish.hash ? { ...signingAlgorithm, hash: wish.hash } : signingAlgorithm,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    extensions: extensions(wish),
  })
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate, keys, algorithm, ...texts(certificate, der) }
}

/** @param {x509.X509Certificate} certificate @param {ArrayBuffer} key @returns {any} */
function texts(certificate, key) {
  return { pem: certificate.toString('pem'), privateKey: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}

/** @param {Wish} wish @returns {any} */
function algorithmOf({ key = 'P-256', hash = 'SHA-256' }) {
  if (key.startsWith('P-')) return { name: 'ECDSA', namedCurve: key, hash }
  return { name: 'RSASSA-PKCS1-v1_5', hash, publicExponent: new Uint8Array([1, 0, 1]), modulusLength: Number(key.slice(4)) }
}

/** @param {Wish} wish */
function extensions({ isAuthority, name = 'localhost', usage, extendedUsage }) {
  return [
    ...(isAuthority === undefined ? [] : [new x509.BasicConstraintsExtension(isAuthority, undefined, true)]),
    ...(name === null ? [] : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])]),
    ...(usage === undefined ? [] : [new x509.KeyUsagesExtension(usage, true)]),
    ...(extendedUsage === undefined ? [] : [new x509.ExtendedKeyUsageExtension(extendedUsage)]),
  ]
}

/**
 * An identity service with this certificate.
 * @param {{ pem: string, privateKey: string, chain?: string }} shown
 */
async function startServer({ pem, privateKey, chain = '' }) {
  const body = JSON.stringify({ access_token: 'a.b.c', expires_in: 3600, token_type: 'Bearer' })
  const options = { key: privateKey, cert: `${pem}\n${chain}`, ciphers: 'DEFAULT@SECLEVEL=0' }
  const server = https.createServer(options, (request, response) => {
    request.resume()
    response.setHeader('content-type', 'application/json').end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { authority: `https://localhost:${port}/`, close: () => (server.closeAllConnections(), server.close()) }
}

module.exports = { issue, startServer, KeyUsage: x509.KeyUsageFlags, ExtendedUsage: x509.ExtendedKeyUsage }
