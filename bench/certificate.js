// @ts-check
'use strict'

const { X509Certificate } = require('node:crypto')
const { writeFile } = require('node:fs/promises')
const { join } = require('node:path')

/**
 * Creates a certificate for an application, with its key.
 *
 * @param {string} folder
 * @returns {Promise<{ certificatePath: string, keyPath: string, thumbprintSha256: string }>}
 *   `certificatePath`: key and certificate in one file, as Azure's tools write them
 */
async function makeCertificate(folder) {
  const { createClientCertificate } = require('../emulator/certificates')
  const { certificate, privateKey } = await createClientCertificate()
  const [certificatePath, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  await writeFile(keyPath, privateKey, { mode: 0o600 })
  await writeFile(certificatePath, `${privateKey}\n${certificate}`, { mode: 0o600 })
  const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(':', '')
  return { certificatePath, keyPath, thumbprintSha256 }
}

module.exports = { makeCertificate }
