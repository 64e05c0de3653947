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
  checkClientId(options)
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

/** The kinds that take the id of an application or of a managed identity from `--client-id`. */
const withClientId = ['clientSecret', 'clientCertificate', 'oidc', 'workloadIdentity', 'managedIdentity', 'environment']

/**
 * Another identity than the named one would be used.
 * @param {LoginOptions} options
 */
function checkClientId(options) {
  if (options['client-id'] === undefined || options.credential?.some((name) => withClientId.includes(kindOf(name)))) return
  throw new UsageError(`--client-id is for --credential ${withClientId.join(', ')}. Name one of them, or set AZURE_CLIENT_ID in place of the option`)
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
  // Any other credential that the command names has the tenant in its own options.
  const asksTenant = options.credential?.some((name) => ['default', 'pulumi'].includes(kindOf(name))) ?? true
  return { timeout: timeout === undefined ? undefined : milliseconds(timeout), tenantId: asksTenant ? options.tenant : undefined }
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
    case 'clientSecret':
      return application(kind, groupWith('CLIENT_SECRET'), options, 'clientSecret')
    case 'clientCertificate': {
      const group = groupWith('CLIENT_CERTIFICATE_PATH')
      return { ...application(kind, group, options, 'certificatePath'), password: variable(`${group}_CLIENT_CERTIFICATE_PASSWORD`) }
    }
    case 'oidc': {
      const { group, ...source } = oidcSource()
      return { ...application(kind, group, options), ...source }
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

/** The settings of an application: their variables without the group, and the options in their place. @type {Record<string, { name: string, option?: 'tenant' | 'client-id' }>} */
const settings = {
  tenantId: { name: 'TENANT_ID', option: 'tenant' }, clientId: { name: 'CLIENT_ID', option: 'client-id' },
  clientSecret: { name: 'CLIENT_SECRET' }, certificatePath: { name: 'CLIENT_CERTIFICATE_PATH' },
}

/**
 * Returns the ids of an application and its proof. The core would name missing settings as a program sets them.
 * @param {string} credential
 * @param {string} group
 * @param {LoginOptions} options
 * @param {string[]} proof
 */
function application(credential, group, options, ...proof) {
  const found = ['tenantId', 'clientId', ...proof].map((key) => {
    const { name, option } = settings[key]
    return { key, value: (option && options[option]) ?? variable(`${group}_${name}`), places: [...(option ? [`--${option}`] : []), `${group}_${name}`] }
  })
  const missing = found.filter(({ value }) => value === undefined).map(({ places }) => places.join(' or '))
  if (missing.length > 0) throw new UsageError(`--credential ${credential} needs more. Set ${missing.join(', and ')}`)
  return { credential, ...Object.fromEntries(found.map(({ key, value }) => [key, value])) }
}

/**
 * The id of a user-assigned identity, as in the default chain and in kubelogin. An empty option stands for the system-assigned one.
 * @param {LoginOptions} options
 */
function managedIdentityId(options) {
  return (options['client-id'] ?? variable('AZURE_CLIENT_ID', 'ARM_CLIENT_ID')) || undefined
}

const requestOfGithub = { oidcRequestUrl: 'ACTIONS_ID_TOKEN_REQUEST_URL', oidcRequestToken: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN' }

/**
 * The variables that prove an application with OIDC, all of one row. Those of GitHub Actions belong to the group with a client id: a
 * runner on Kubernetes has the variables of its own identity besides those of the job.
 * @returns {[string, Record<string, string>][]}
 */
function oidcSources() {
  return [
    ['ARM', { oidcToken: 'ARM_OIDC_TOKEN' }],
    ['ARM', { oidcTokenFilePath: 'ARM_OIDC_TOKEN_FILE_PATH' }],
    ['ARM', { oidcRequestUrl: 'ARM_OIDC_REQUEST_URL', oidcRequestToken: 'ARM_OIDC_REQUEST_TOKEN' }],
    ...(variable('ARM_CLIENT_ID') === undefined ? [] : [/** @type {[string, Record<string, string>]} */ (['ARM', requestOfGithub])]),
    ['AZURE', { oidcTokenFilePath: 'AZURE_FEDERATED_TOKEN_FILE' }],
    ['AZURE', requestOfGithub],
  ]
}

/** A token is never sent to an address that another pair of variables names. */
function oidcSource() {
  for (const [group, names] of oidcSources()) {
    const source = Object.entries(names).map(([key, name]) => [key, variable(name)])
    if (source.every(([, value]) => value !== undefined)) return { group, ...Object.fromEntries(source) }
  }
  throw new UsageError('--credential oidc needs more. Set ARM_OIDC_TOKEN_FILE_PATH or AZURE_FEDERATED_TOKEN_FILE, or give the job of GitHub Actions the permission id-token: write')
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

module.exports = { makeLogin, ownCloud, kindNames, kindOf, withClientId }
