// @ts-check
'use strict'

// The only place that creates the command's credential, from the common options and the environment.

const { UsageError } = require('./failure')

/**
 * @typedef {object} LoginOptions
 * @property {string} [tenant]
 * @property {string} [client-id]
 * @property {string} [cloud]
 * @property {string} [timeout] seconds
 * @property {string[]} [credential]
 * @property {boolean} [cache]
 * @property {boolean} [no-cache]
 * @property {boolean} [verbose]
 *
 * @typedef {import('../../index').GetClientTokenOptions} CallOptions
 * @typedef {import('./aliases').Cloud} Cloud
 */

/**
 * The kinds that `--credential` accepts: those that need no function, no user's assertion and no program's name. The core's
 * tests compare them with its table.
 */
const kindNames = [
  'clientSecret', 'clientCertificate', 'oidc', 'workloadIdentity', 'managedIdentity', 'azureCli', 'azureDeveloperCli', 'azurePowerShell',
  'environment', 'pulumi', 'default',
]

/** The kinds by the names that users type, without hyphens and in lower case. */
const kinds = new Map(kindNames.map((name) => [name.toLowerCase(), name]))

/**
 * kubectl runs a failing plug-in six times for one command. For this number of milliseconds a refusal answers later runs.
 */
const REFUSAL_MEMORY = 5000

/** The time limit in place of --timeout: docker and git pass no options to their helpers. */
const TIMEOUT = 'AZURE_CLIENT_TOKEN_TIMEOUT'

/** @param {LoginOptions} options */
function makeLogin(options) {
  applyToEnvironment(options)
  const configuration = { ...loginConfiguration(options), keepsOnMachine: true, onLog: follower() }
  const { TokenClient } = require('../client')
  const common = commonCall(options)
  /** @type {import('../client').TokenClient | undefined} */
  let made
  const client = () => (made ??= remembering(new TokenClient(configuration)))
  return {
    cloud: ownCloud(options),
    /** @param {string} endpoint @param {CallOptions} [call] */
    token: (endpoint, call) => client().getClientToken({ endpoint }, { ...common, ...call }),
    /** @param {string} endpoint */
    explain: async (endpoint) => explained(configuration, endpoint, common),
    config: () => client().getClientConfig(common),
    /** @param {string} registry */
    registryToken: (registry) => client().registryToken(registry, common),
    /** @type {import('../client').TokenClient['forget']} */
    forget: (args, options) => client().forget(args, options),
  }
}

/** The log costs little, and is read only if a user may see what the command waits for. */
function follower() {
  const { follow, mayBeWatched } = require('./progress-line')
  return mayBeWatched() ? follow : undefined
}

/**
 * @template T
 * @param {T} client
 */
function remembering(client) {
  require('../binding').binding().rememberRefusals(REFUSAL_MEMORY)
  return client
}

/**
 * Returns what decides whose login it is: the options if they name a credential, else the environment alone.
 * @param {LoginOptions} options
 * @returns {import('../native-client').Configuration}
 */
function loginConfiguration(options) {
  const { environmentSnapshot } = require('../environment')
  if (options.credential === undefined) return { environment: environmentSnapshot() }
  const { namedVariables, readOptions, startsPrograms } = require('../options')
  const { native } = readOptions(credentialOptions(options))
  return { environment: environmentSnapshot(namedVariables(native), startsPrograms(native)), options: native }
}

/**
 * Unusable settings of the environment are explained as well. A user who asks why there is no token gets no earlier refusal.
 * @param {import('../native-client').Configuration} configuration
 * @param {string} endpoint
 * @param {CallOptions} common
 */
function explained(configuration, endpoint, common) {
  const { TokenClient } = require('../client')
  const { explainLogin } = require('../credential')
  const client = configuration.options === undefined ? TokenClient.from(configuration) : new TokenClient(configuration)
  return explainLogin({ endpoint }, common, client)
}

/**
 * An option with a corresponding variable sets that variable, from which native code reads it.
 * @param {LoginOptions} options
 */
function applyToEnvironment(options) {
  const { env } = process
  const cache = storeOption(options)
  if (cache !== undefined) env.AZURE_CLIENT_TOKEN_CACHE = cache
  if (options.verbose) env.AZURE_CLIENT_TOKEN_LOG ??= 'debug'
  // A user who asks for the store is warned if there is none.
  else if (env.AZURE_CLIENT_TOKEN_CACHE === 'machine') env.AZURE_CLIENT_TOKEN_LOG ??= 'warn'
  if (options.cloud !== undefined) {
    delete env.ARM_METADATA_HOSTNAME
    env.ARM_ENVIRONMENT = cloudNamed(options.cloud)
  }
  // This kind has no ids of its own, and reads these variables.
  if (options.credential?.some((name) => kindOf(name) === 'environment')) {
    if (options.tenant !== undefined) env.AZURE_TENANT_ID = options.tenant
    if (options['client-id'] !== undefined) env.AZURE_CLIENT_ID = options['client-id']
  }
}

/** @param {LoginOptions} options */
function storeOption({ cache, 'no-cache': noCache }) {
  if (cache && noCache) throw new UsageError('--cache and --no-cache exclude each other. Leave one of them out')
  return cache ? 'machine' : noCache ? 'off' : undefined
}

/** @param {LoginOptions} options */
function commonCall(options) {
  const { timeout = variable(TIMEOUT) } = options
  // A credential that the command names has the tenant in its own options.
  return { timeout: timeout === undefined ? undefined : milliseconds(timeout), tenantId: options.credential === undefined ? options.tenant : undefined }
}

/** @param {string} seconds */
function milliseconds(seconds) {
  const value = Number(seconds) * 1000
  if (/^\d+(\.\d+)?$/.test(seconds) && value >= 1 && value <= 2_147_483_647) return value
  throw new UsageError(`--timeout, or ${TIMEOUT}, must be a number of seconds above zero, such as --timeout 30`)
}

/** @param {LoginOptions} options */
function credentialOptions(options) {
  const members = (options.credential ?? []).map((name) => member(kindOf(name), options))
  const shared = { environment: options.cloud === undefined ? undefined : cloudNamed(options.cloud) }
  return members.length === 1 ? { ...members[0], ...shared } : { credential: 'chain', chain: members, ...shared }
}

/** @param {string} name */
function kindOf(name) {
  const kind = kinds.get(name.toLowerCase().replaceAll('-', ''))
  if (kind !== undefined) return kind
  throw new UsageError(`--credential must be one of ${kindNames.join(', ')}`)
}

/**
 * Ids come from options and variables, secrets from variables and files only.
 * @param {string} kind
 * @param {LoginOptions} options
 */
function member(kind, options) {
  switch (kind) {
    case 'clientSecret': {
      const group = groupWith('CLIENT_SECRET')
      return complete(group, { ...application(kind, group, options), clientSecret: variable(`${group}_CLIENT_SECRET`) })
    }
    case 'clientCertificate': {
      const group = groupWith('CLIENT_CERTIFICATE_PATH')
      const certificate = complete(group, { ...application(kind, group, options), certificatePath: variable(`${group}_CLIENT_CERTIFICATE_PATH`) })
      return { ...certificate, password: variable(`${group}_CLIENT_CERTIFICATE_PASSWORD`) }
    }
    case 'oidc': {
      const { group, ...source } = oidcSource()
      return { ...complete(group, application(kind, group, options)), ...source }
    }
    case 'workloadIdentity':
      return { credential: kind, tenantId: options.tenant, clientId: options['client-id'] }
    case 'managedIdentity':
      return { credential: kind, clientId: managedIdentityId(options) }
    case 'azureCli':
    case 'azureDeveloperCli':
    case 'azurePowerShell':
      return { credential: kind, tenantId: options.tenant }
    default:
      return { credential: kind }
  }
}

/**
 * Returns the prefix of the variables of one application: the variables of two applications are never mixed. The proof decides, with
 * Pulumi's variables first, as for the default login.
 * @param {string} proof
 */
function groupWith(proof) {
  return variable(`ARM_${proof}`) === undefined ? 'AZURE' : 'ARM'
}

/** @param {string} credential @param {string} group @param {LoginOptions} options */
function application(credential, group, options) {
  const tenantId = options.tenant ?? variable(`${group}_TENANT_ID`)
  return { credential, tenantId, clientId: options['client-id'] ?? variable(`${group}_CLIENT_ID`) }
}

/**
 * The id of a user-assigned identity, as in the default chain and in kubelogin. An empty option stands for the identity of the host.
 * @param {LoginOptions} options
 */
function managedIdentityId(options) {
  const clientId = options['client-id'] ?? variable('AZURE_CLIENT_ID', 'ARM_CLIENT_ID')
  return clientId === '' ? undefined : clientId
}

/** The names of settings without their group, and the options in their place. @type {Record<string, { name: string, option?: string }>} */
const places = {
  tenantId: { name: 'TENANT_ID', option: '--tenant' }, clientId: { name: 'CLIENT_ID', option: '--client-id' },
  clientSecret: { name: 'CLIENT_SECRET' }, certificatePath: { name: 'CLIENT_CERTIFICATE_PATH' },
}

/**
 * The core names missing settings as a program would set them.
 * @template {Record<string, string | undefined>} Options
 * @param {string} group
 * @param {Options} options
 */
function complete(group, options) {
  const missing = Object.keys(options).filter((name) => options[name] === undefined).map((name) => places[name])
  if (missing.length === 0) return options
  const settings = missing.map(({ name, option }) => [...(option ? [option] : []), `${group}_${name}`].join(' or '))
  throw new UsageError(`--credential ${options.credential} needs more. Set ${settings.join(', and ')}`)
}

/** The variables of GitHub Actions belong to both groups. */
function oidcSource() {
  const ofPulumi = variable('ARM_OIDC_TOKEN_FILE_PATH')
  if (ofPulumi !== undefined) return { group: 'ARM', oidcTokenFilePath: ofPulumi }
  const ofWorkload = variable('AZURE_FEDERATED_TOKEN_FILE')
  if (ofWorkload !== undefined) return { group: 'AZURE', oidcTokenFilePath: ofWorkload }
  return {
    group: groupWith('CLIENT_ID'),
    oidcRequestUrl: variable('ARM_OIDC_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_URL'),
    oidcRequestToken: variable('ARM_OIDC_REQUEST_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'),
  }
}

/** @param {string[]} names */
function variable(...names) {
  return names.map((name) => process.env[name]).find((value) => value !== undefined && value !== '')
}

/** Each cloud's names in the core. @type {Record<string, Cloud>} */
const clouds = {
  public: 'public', azurecloud: 'public', azurepublic: 'public', azurepubliccloud: 'public',
  usgovernment: 'usgovernment', usgov: 'usgovernment', azureusgovernment: 'usgovernment', azureusgovernmentcloud: 'usgovernment',
  china: 'china', azurechina: 'china', azurechinacloud: 'china',
}

/** The hosts of Microsoft's identity services. @type {Record<string, Cloud>} */
const authorities = { 'login.microsoftonline.us': 'usgovernment', 'login.chinacloudapi.cn': 'china', 'login.partner.microsoftonline.cn': 'china' }

/** @param {string} name */
function cloudNamed(name) {
  const cloud = clouds[name.toLowerCase()]
  if (cloud !== undefined) return cloud
  throw new UsageError('--cloud names an unknown cloud. Use public, usgovernment or china, or set ARM_METADATA_HOSTNAME')
}

/**
 * Returns the cloud whose aliases apply: by the option, then by the variables in the core's order.
 * @param {LoginOptions} options
 * @returns {Cloud}
 */
function ownCloud({ cloud }) {
  if (cloud !== undefined) return cloudNamed(cloud)
  if (variable('ARM_METADATA_HOSTNAME') !== undefined) return 'custom'
  const named = variable('ARM_ENVIRONMENT', 'AZURE_ENVIRONMENT')
  if (named !== undefined) return clouds[named.toLowerCase()] ?? 'custom'
  return authorities[hostOf(variable('AZURE_AUTHORITY_HOST') ?? '')] ?? 'public'
}

/** @param {string} address */
function hostOf(address) {
  return address.replace(/^https:\/\//i, '').replace(/[/:].*$/, '').toLowerCase()
}

module.exports = { makeLogin, ownCloud, kindNames, kindOf }
