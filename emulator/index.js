// @ts-check
'use strict'

const { mkdtemp, rm, writeFile } = require('node:fs/promises')
const { tmpdir } = require('node:os')
const path = require('node:path')
const { issueServerCertificate } = require('./certificates')
const { createReplayGuard } = require('./client-authentication/replay')
const { createDirectory } = require('./directory')
const { entraHandler } = require('./entra')
const { createFaults } = require('./faults')
const { createJournal } = require('./journal')
const { createOidcIssuers } = require('./oidc-issuers')
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
 *   & import('./discovery').DiscoveryOptions & { assertionLifetime?: number }} EmulatorOptions
 * @typedef {Awaited<ReturnType<typeof startEmulator>>} Emulator
 */

/**
 * Starts a local Entra ID. It is a tool for tests, not a security product, and serves loopback addresses only.
 * @param {EmulatorOptions} [options]
 */
async function startEmulator(options = {}) {
  const [tls, signer, issuers] = await Promise.all([
    issueServerCertificate(options.names),
    createSigner(),
    createOidcIssuers(options)
  ])
  const directory = createDirectory(options, issuers.federatedCredentials)
  const [journal, faults] = [createJournal(), createFaults()]
  const { host, port } = options
  const errorStyle = { lineBreaks: options.lineBreaksInErrors }
  const replayGuard = createReplayGuard()
  const handle = entraHandler({ ...options, directory, signer, issuers, replayGuard, journal, errorStyle })
  const server = await startServer({ service: 'entra', handle, journal, faults, tls, host, port })
  const folder = await createFolder({ 'ca.pem': tls.caCertificate, 'assertion.jwt': `${issuers.kubernetes.issueAssertion()}\n` })

  const origin = `https://localhost:${server.port}`
  const authorityHost = `${origin}/`
  const caFile = folder.file('ca.pem')
  const tenantId = directory.defaultTenant
  const { clientId, clientSecret } = directory.defaultApplication
  return {
    authorityHost,
    caFile,
    caCertificate: tls.caCertificate,
    tenantId,
    clientId,
    clientSecret,
    /** Where a job of GitHub Actions gets an assertion that the default application accepts. */
    githubOidc: issuers.github.settings(origin),
    /** The same for a pipeline of Azure DevOps. */
    azureDevops: issuers.azureDevops.settings(origin),
    /** The same for a pod. */
    workloadIdentity: { tokenFile: folder.file('assertion.jwt') },
    /** An assertion like the pod's, with what a test wants to be different. */
    issueAssertion: issuers.kubernetes.issueAssertion,
    /** What a program needs in its environment to log in as the default application. */
    environment: () => environmentFor({ authorityHost, caFile, tenantId, clientId, clientSecret }),
    counters: journal.counters,
    resetCounters: journal.reset,
    requests: journal.requests,
    faults: { add: faults.add, clear: faults.clear },
    async close() {
      await server.close()
      await folder.remove()
    }
  }
}

/** @param {Record<string, string>} files */
async function createFolder(files) {
  const folder = await mkdtemp(path.join(tmpdir(), 'entra-emulator-'))
  const file = (/** @type {string} */ name) => path.join(folder, name)
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(file(name), text, { mode: 0o600 })))
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
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
