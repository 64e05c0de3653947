// @ts-check
'use strict'

const { issueServerCertificate } = require('./certificates')
const { createReplayGuard } = require('./client-authentication/replay')
const { createDirectory } = require('./directory')
const { entraHandler } = require('./entra')
const { createFaults } = require('./faults')
const { createFolder } = require('./folder')
const { createJournal } = require('./journal')
const { nameOf } = require('./loopback')
const { startManagedIdentity } = require('./managed-identity')
const { createOidcIssuers } = require('./oidc-issuers')
const { startServer } = require('./server')
const { createSigner } = require('./signing')
const { issueUserToken } = require('./user-token')

/**
 * @typedef {object} ServiceOptions
 * @property {string} [host] a loopback address
 * @property {number} [port]
 * @property {string[]} [names] DNS names besides localhost that the server certificate is good for
 * @property {boolean} [lineBreaksInErrors] put Entra ID's ids on lines of their own in error descriptions
 * @property {import('./managed-identity').HostOptions} [managedIdentity]
 *
 * @typedef {ServiceOptions & import('./directory').DirectoryOptions & import('./access-token').TokenOptions
 *   & import('./discovery').DiscoveryOptions & import('./oidc-issuers').IssuerOptions} EmulatorOptions
 * @typedef {Awaited<ReturnType<typeof startEmulator>>} Emulator
 * @typedef {Awaited<ReturnType<typeof createParts>>} Parts
 */

/**
 * Starts a local Entra ID. It is a tool for tests, not a security product, and serves loopback addresses only.
 * @param {EmulatorOptions} [options]
 */
async function startEmulator(options = {}) {
  const parts = await createParts(options)
  const folder = await createFolder({
    'ca.pem': parts.tls.caCertificate,
    'assertion.jwt': `${parts.issuers.kubernetes.issueAssertion()}\n`
  })
  /** @type {(() => Promise<unknown>)[]} what closing has to end, last things first */
  const ends = [folder.remove]
  const close = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    return { ...(await startServices(options, parts, folder, ends)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** @param {EmulatorOptions} options */
async function createParts(options) {
  const [tls, signer] = await Promise.all([issueServerCertificate([options.host, ...(options.names ?? [])]), createSigner()])
  const issuers = createOidcIssuers(signer, options)
  return {
    tls,
    signer,
    issuers,
    directory: createDirectory(options, issuers.federatedCredentials),
    replayGuard: createReplayGuard(),
    journal: createJournal(),
    faults: createFaults(),
    errorStyle: { lineBreaks: options.lineBreaksInErrors }
  }
}

/**
 * @param {EmulatorOptions} options
 * @param {Parts} parts
 * @param {import('./folder').Folder} folder
 * @param {(() => Promise<unknown>)[]} ends
 */
async function startServices(options, parts, folder, ends) {
  const { tls, signer, issuers, directory, journal, faults } = parts
  const { host, port } = options
  const handle = entraHandler({ ...options, ...parts })
  const server = await startServer({ service: 'entra', handle, journal, faults, tls, host, port })
  ends.push(server.close)
  const context = { signer, tenant: directory.defaultTenant, folder: folder.path, journal, faults }
  const managedIdentity = await startManagedIdentity(options.managedIdentity ?? {}, context, ends)

  const origin = `https://${nameOf(host)}:${server.port}`
  const login = {
    authorityHost: `${origin}/`,
    caFile: folder.file('ca.pem'),
    caCertificate: tls.caCertificate,
    tenantId: directory.defaultTenant,
    clientId: directory.defaultApplication.clientId,
    clientSecret: directory.defaultApplication.clientSecret
  }
  return {
    ...login,
    /** Where a job of GitHub Actions gets an assertion that the default application accepts. */
    githubOidc: issuers.github.settings(origin),
    /** The same for a pipeline of Azure DevOps. */
    azureDevops: issuers.azureDevops.settings(origin),
    /** The same for a pod. */
    workloadIdentity: { tokenFile: folder.file('assertion.jwt') },
    /** An assertion like the pod's, with what a test wants to be different. */
    issueAssertion: issuers.kubernetes.issueAssertion,
    /** A user's token for the default application, which that can exchange on the user's behalf. */
    issueUserToken: (/** @type {import('./user-token').UserTokenChanges} */ changes = {}) =>
      issueUserToken(signer, { tenant: login.tenantId, clientId: login.clientId }, changes),
    /** What each kind of Azure host sets in the environment of its programs, and the identities that it has. */
    managedIdentity,
    /** What a program needs in its environment to log in as the default application. */
    environment: () => environmentFor(login),
    counters: journal.counters,
    resetCounters: journal.reset,
    requests: journal.requests,
    faults: { add: faults.add, clear: faults.clear }
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
