// @ts-check
'use strict'

// @peculiar/x509 resolves its parts through tsyringe, which needs the Reflect metadata API beforehand.
require('reflect-metadata')
const x509 = require('@peculiar/x509')
const { webcrypto } = require('node:crypto')
const { isIP } = require('node:net')

/**
 * @typedef {{ certificate: string, privateKey: string }} CertificatePair PEM texts
 * @typedef {{ name?: string, notBefore?: Date, notAfter?: Date, modulusLength?: number }} ClientCertificateOptions
 */

const DAY = 24 * 60 * 60 * 1000

// A P-256 key is created in a millisecond, an RSA key takes a tenth of a second and more.
const ELLIPTIC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * Creates a certification authority for one run and a server certificate under it. The authority's key is dropped on return.
 * @param {(string | undefined)[]} [extraNames] names and addresses besides localhost's
 * @returns {Promise<CertificatePair & { caCertificate: string }>}
 */
async function issueServerCertificate(extraNames = []) {
  const [authorityKeys, serverKeys] = await Promise.all([generate(ELLIPTIC), generate(ELLIPTIC)])
  const authority = await createAuthority(authorityKeys)
  const server = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: 'CN=localhost',
    issuer: authority.subject,
    ...validity(),
    signingAlgorithm: ELLIPTIC,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: await serverExtensions(serverKeys, authority, extraNames.filter((name) => name !== undefined))
  })
  return { caCertificate: authority.toString('pem'), ...(await pair(server, serverKeys)) }
}

/** @param {CryptoKeyPair} keys */
async function createAuthority(keys) {
  return x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Local identity emulator CA',
    ...validity(),
    signingAlgorithm: ELLIPTIC,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)
    ]
  })
}

/**
 * @param {CryptoKeyPair} keys
 * @param {import('@peculiar/x509').X509Certificate} authority
 * @param {string[]} extraNames
 */
async function serverExtensions(keys, authority, extraNames) {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    new x509.SubjectAlternativeNameExtension(alternativeNames(extraNames)),
    await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)
  ]
}

/**
 * @param {string[]} extraNames
 * @returns {{ type: 'dns' | 'ip', value: string }[]}
 */
function alternativeNames(extraNames) {
  const names = new Set(['localhost', '127.0.0.1', '::1', ...extraNames])
  return [...names].map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }))
}

/**
 * Creates a self-signed server certificate, as a Service Fabric node has one.
 * @returns {Promise<CertificatePair>}
 */
async function createSelfSignedServerCertificate() {
  const keys = await generate(ELLIPTIC)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=localhost',
    ...validity(),
    signingAlgorithm: ELLIPTIC,
    keys,
    extensions: [new x509.SubjectAlternativeNameExtension(alternativeNames([]))]
  })
  return pair(certificate, keys)
}

/**
 * Creates a self-signed RSA certificate for an application that authenticates with one.
 * @param {ClientCertificateOptions} [options]
 * @returns {Promise<CertificatePair>}
 */
async function createClientCertificate({ name = 'client', notBefore, notAfter, modulusLength = 2048 } = {}) {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    publicExponent: new Uint8Array([1, 0, 1]),
    modulusLength
  }
  const keys = await generate(algorithm)
  const standard = validity()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    notBefore: notBefore ?? standard.notBefore,
    notAfter: notAfter ?? standard.notAfter,
    signingAlgorithm: algorithm,
    keys
  })
  return pair(certificate, keys)
}

/**
 * @param {RsaHashedKeyGenParams | EcKeyGenParams} algorithm
 * @returns {Promise<CryptoKeyPair>}
 */
async function generate(algorithm) {
  return /** @type {Promise<CryptoKeyPair>} */ (webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']))
}

/**
 * @param {import('@peculiar/x509').X509Certificate} certificate
 * @param {CryptoKeyPair} keys
 * @returns {Promise<CertificatePair>}
 */
async function pair(certificate, keys) {
  const privateKey = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), privateKey: x509.PemConverter.encode(privateKey, 'PRIVATE KEY') }
}

function serialNumber() {
  // The leading 01 keeps the DER integer positive and without a leading zero.
  return '01' + Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')
}

function validity() {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 30 * DAY) }
}

module.exports = { createClientCertificate, createSelfSignedServerCertificate, issueServerCertificate }
