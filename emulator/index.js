// @ts-check
'use strict'

const { mkdtemp, rm, writeFile } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { issueServerCertificate } = require('./certificates')
const { createDirectory } = require('./directory')
const { entraHandler } = require('./entra')
const { createFaults } = require('./faults')
const { createJournal } = require('./journal')
const { startServer } = require('./server')
const { createSigner } = require('./signing')

/**
 * @typedef {object} ServiceOptions
 * @property {string} [host] a loopback address
 * @property {number} [port]
 * @property {string[]} [names] DNS names besides localhost that the server certificate is good for
 * @property {boolean} [lineBreaksInErrors] put Entra ID's ids on lines of their own in error descriptions
 *
 * @typedef {ServiceOptions & import('./directory').DirectoryOptions & import('./access-token').TokenOptions
 *   & import('./discovery').DiscoveryOptions} EmulatorOptions
 * @typedef {Awaited<ReturnType<typeof startEmulator>>} Emulator
 */

/**
 * Starts a local Entra ID. It is a tool for tests, not a security product, and serves loopback addresses only.
 * @param {EmulatorOptions} [options]
 */
async function startEmulator(options = {}) {
  const directory = createDirectory(options)
  const [tls, signer] = await Promise.all([issueServerCertificate(options.names), createSigner()])
  const [journal, faults] = [createJournal(), createFaults()]
  const { host, port } = options
  const errorStyle = { lineBreaks: options.lineBreaksInErrors }
  const handle = entraHandler({ ...options, directory, signer, journal, errorStyle })
  const server = await startServer({ service: 'entra', handle, journal, faults, tls, host, port })
  const folder = await mkdtemp(path.join(tmpdir(), 'entra-emulator-'))
  const caFile = path.join(folder, 'ca.pem')
  await writeFile(caFile, tls.caCertificate)

  const authorityHost = `https://localhost:${server.port}/`
  const tenantId = directory.defaultTenant
  const { clientId, clientSecret } = directory.defaultApplication
  return {
    authorityHost,
    caFile,
    caCertificate: tls.caCertificate,
    tenantId,
    clientId,
    clientSecret,
    /** What a program needs in its environment to log in as the default application. */
    environment: () => environmentFor({ authorityHost, caFile, tenantId, clientId, clientSecret }),
    counters: journal.counters,
    resetCounters: journal.reset,
    requests: journal.requests,
    faults: { add: faults.add, clear: faults.clear },
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/**
 * @param {{ authorityHost: string, caFile: string, tenantId: string, clientId: string, clientSecret: string }} login
 * @returns {Record<string, string>}
 */
function environmentFor({ authorityHost, caFile, tenantId, clientId, clientSecret }) {
  return {
    AZURE_AUTHORITY_HOST: authorityHost,
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    NODE_EXTRA_CA_CERTS: caFile
  }
}

module.exports = { environmentFor, startEmulator }
