// @ts-check
'use strict'

const { createSelfSignedServerCertificate } = require('../certificates')
const { startServer } = require('../server')
const { createAppService } = require('./app-service')
const { createAzureArc } = require('./azure-arc')
const { createAzureMl } = require('./azure-ml')
const { createCloudShell } = require('./cloud-shell')
const { createIdentities } = require('./identities')
const { createImds } = require('./imds')
const { createServiceFabric } = require('./service-fabric')

/**
 * @typedef {import('./host').Host} Host
 *
 * @typedef {import('./identities').ManagedIdentityOptions & {
 *   imds?: { host?: string, port?: number }, arcTokensFolder?: string }} HostOptions `imds`: where to listen, for a
 *   network namespace that has the real address on its loopback interface
 *
 * @typedef {object} HostContext
 * @property {import('../signing').Signer} signer
 * @property {string} tenant
 * @property {string} folder the emulator's folder
 * @property {import('../journal').Journal} journal
 * @property {import('../faults').Faults} faults
 * @property {readonly string[]} [names] more names of the servers than localhost
 *
 * @typedef {{ environment: Record<string, string>, certificate?: string }} RunningHost the variables that such a host sets for its
 * programs, and its certificate if it serves https
 *
 * @typedef {{ systemAssigned: import('./identities').Identity | null, userAssigned: import('./identities').Identity[],
 *   arcTokensFolder: string, imds: RunningHost, appService: RunningHost, cloudShell: RunningHost, azureMl: RunningHost,
 *   serviceFabric: RunningHost, azureArc: RunningHost }} ManagedIdentity
 *
 * @typedef {(() => Promise<unknown>)[]} Ends the functions that `close` calls
 */

/**
 * @param {HostOptions} options
 * @param {HostContext} context
 * @param {Ends} ends
 * @returns {Promise<ManagedIdentity>}
 */
async function startManagedIdentity(options, context, ends) {
  const identities = createIdentities(context.signer, context.tenant, options)
  const arcTokensFolder = options.arcTokensFolder ?? context.folder
  const start = (/** @type {Host} */ host, where = {}) => startHost(host, context, ends, where)

  return {
    systemAssigned: identities.systemAssigned,
    userAssigned: identities.userAssigned,
    arcTokensFolder,
    imds: await start(createImds(identities), options.imds),
    appService: await start(createAppService(identities)),
    cloudShell: await start(createCloudShell(identities)),
    azureMl: await start(createAzureMl(identities)),
    serviceFabric: await start(createServiceFabric(identities, await createSelfSignedServerCertificate())),
    azureArc: await start(createAzureArc(identities, arcTokensFolder))
  }
}

/**
 * @param {Host} host
 * @param {HostContext} context
 * @param {Ends} ends
 * @param {{ host?: string, port?: number }} where
 * @returns {Promise<RunningHost>}
 */
async function startHost({ service, environment, answer, tls, end }, { journal, faults, names }, ends, where) {
  const handle = (/** @type {import('../messages').Request} */ request) => {
    journal.count('managedIdentityRequests')
    return answer(request)
  }
  const server = await startServer({ service, handle, journal, faults, tls, names, ...where })
  ends.push(async () => end?.(), server.close)
  const origin = `${tls ? 'https' : 'http'}://${where.host ?? '127.0.0.1'}:${server.port}`
  return { environment: environment(origin), certificate: tls?.certificate }
}

module.exports = { startManagedIdentity }
