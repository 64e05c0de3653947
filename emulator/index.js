// @ts-check
'use strict'

const { issueServerCertificate } = require('./certificates')
const { createReplayGuard } = require('./client-authentication/replay')
const { createDirectory } = require('./directory')
const { entraHandler } = require('./entra')
const { createFaults } = require('./faults')
const { createFolder } = require('./folder')
const { createJournal } = require('./journal')
const { assertLoopback, nameOf } = require('./loopback')
const { startManagedIdentity } = require('./managed-identity')
const { createOidcIssuers } = require('./oidc-issuers')
const { startServer } = require('./server')
const { createSigner } = require('./signing')
const { issueUserToken } = require('./user-token')

/**
 * @typedef {object} ServiceOptions
 * @property {string} [host] a loopback address
 * @property {number} [port]
 * @property {string[]} [names] more DNS names in the server's certificate, which contains localhost
 * @property {boolean} [lineBreaksInErrors] put each of Entra ID's ids on its own line in error descriptions
 * @property {import('./managed-identity').HostOptions} [managedIdentity]
 *
 * @typedef {ServiceOptions & import('./directory').DirectoryOptions & import('./access-token').TokenOptions
 *   & import('./discovery').DiscoveryOptions & import('./oidc-issuers').IssuerOptions} EmulatorOptions
 * @typedef {object} Login how the default application logs in
 * @property {string} authorityHost the address of the server, with a slash at its end
 * @property {string} caFile the file with the certificate to trust
 * @property {string} caCertificate that certificate, PEM
 * @property {string} tenantId
 * @property {string} clientId
 * @property {string} clientSecret
 *
 * @typedef {object} Services
 * @property {{ requestUrl: string, requestToken: string }} githubOidc the service from which a job of GitHub Actions gets an
 * assertion that the default application accepts
 * @property {{ requestUrl: string, accessToken: string, serviceConnectionId: string }} azureDevops the same for a pipeline of Azure DevOps
 * @property {{ tokenFile: string }} workloadIdentity the same for a pod
 * @property {(changes?: Partial<import('./oidc-issuers/assertions').AssertionSubject>) => string} issueAssertion an assertion like the
 * pod's, with a test's changes
 * @property {(changes?: import('./user-token').UserTokenChanges) => string} issueUserToken a user's token for the default application, which
 * can exchange it on the user's behalf
 * @property {import('./managed-identity').ManagedIdentity} managedIdentity the variables that each kind of Azure host sets for its
 * programs, and the identities that it has
 * @property {() => Record<string, string>} environment the variables with which a program with azure-client-token, or a Pulumi program, can
 * log in as the default application
 * @property {() => Record<string, string>} sdkEnvironment the same for a program with one of Azure's SDKs, in any language
 * @property {import('./journal').Counters} counters
 * @property {() => void} resetCounters
 * @property {import('./journal').RecordedRequest[]} requests the requests that it has received, without secrets
 * @property {Pick<import('./faults').Faults, 'add' | 'clear'>} faults
 *
 * @typedef {Login & Services & { close: () => Promise<void> }} Emulator
 * @typedef {object} Parts
 * @property {Awaited<ReturnType<typeof issueServerCertificate>>} tls
 * @property {import('./signing').Signer} signer
 * @property {import('./oidc-issuers').OidcIssuers} issuers
 * @property {import('./directory').Directory} directory
 * @property {ReturnType<typeof createReplayGuard>} replayGuard
 * @property {import('./journal').Journal} journal
 * @property {import('./faults').Faults} faults
 * @property {{ lineBreaks?: boolean }} errorStyle
 */

/**
 * Starts a local Entra ID. It is a tool for tests, not a security product, and serves loopback addresses only.
 * @param {EmulatorOptions} [options]
 * @returns {Promise<Emulator>}
 */
async function startEmulator(options = {}) {
  if (options.host !== undefined) assertLoopback(options.host)
  const parts = await createParts(options)
  const folder = await createFolder({
    'ca.pem': parts.tls.caCertificate,
    'assertion.jwt': `${parts.issuers.kubernetes.issueAssertion()}\n`
  })
  /** @type {(() => Promise<unknown>)[]} the functions that `close` calls, the last one first */
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

/** @param {EmulatorOptions} options @returns {Promise<Parts>} */
async function createParts(options) {
  const [tls, signer] = await Promise.all([issueServerCertificate([options.host, ...(options.names ?? [])]), createSigner()])
  const issuers = createOidcIssuers(signer, options)
  const directory = createDirectory(options, issuers.federatedCredentials)
  return {
    tls,
    signer,
    issuers,
    directory,
    replayGuard: createReplayGuard(),
    journal: createJournal(directory.secrets),
    faults: createFaults(),
    errorStyle: { lineBreaks: options.lineBreaksInErrors }
  }
}

/**
 * @param {EmulatorOptions} options
 * @param {Parts} parts
 * @param {import('./folder').Folder} folder
 * @param {(() => Promise<unknown>)[]} ends
 * @returns {Promise<Login & Services>}
 */
async function startServices(options, parts, folder, ends) {
  const { tls, signer, issuers, directory, journal, faults } = parts
  const { host, port, names } = options
  const handle = entraHandler({ ...options, ...parts })
  const server = await startServer({ service: 'entra', handle, journal, faults, tls, host, port, names })
  ends.push(server.close)
  const context = { signer, tenant: directory.defaultTenant, folder: folder.path, journal, faults, names }
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
    githubOidc: issuers.github.settings(origin),
    azureDevops: issuers.azureDevops.settings(origin),
    workloadIdentity: { tokenFile: folder.file('assertion.jwt') },
    issueAssertion: issuers.kubernetes.issueAssertion,
    issueUserToken: (changes = {}) =>
      issueUserToken(signer, { tenant: login.tenantId, clientId: login.clientId }, changes),
    managedIdentity,
    environment: () => environmentFor(login),
    sdkEnvironment: () => sdkEnvironmentFor(login),
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

/**
 * @param {Pick<Login, 'authorityHost' | 'caFile' | 'tenantId' | 'clientId' | 'clientSecret'>} login
 * @returns {Record<string, string>}
 */
function sdkEnvironmentFor({ authorityHost, caFile, tenantId, clientId, clientSecret }) {
  return {
    AZURE_AUTHORITY_HOST: authorityHost,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    NODE_EXTRA_CA_CERTS: caFile,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile
  }
}

module.exports = { environmentFor, sdkEnvironmentFor, startEmulator }
