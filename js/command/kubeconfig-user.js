// @ts-check
'use strict'

// Converts a user of kubelogin, or of kubectl's old provider `azure`, to options of this command. Source:
// https://azure.github.io/kubelogin.

/**
 * @typedef {{ exec: Record<string, unknown> }} Converted
 * @typedef {{ reason: string }} Left why it stays
 */

const { withClientId } = require('./login')

const GROUP = 'client.authentication.k8s.io'

/** The logins of kubelogin that need no user interaction. @type {Record<string, string>} */
const logins = { azurecli: 'azureCli', azd: 'azureDeveloperCli', msi: 'managedIdentity', spn: 'environment', workloadidentity: 'workloadIdentity' }

/** @type {Record<string, string>} */
const clouds = { azurepubliccloud: 'public', azureusgovernmentcloud: 'usgovernment', azurechinacloud: 'china' }

/** kubelogin's options, by their long names. @type {Record<string, string>} */
const shortNames = { '-l': '--login', '-e': '--environment', '-t': '--tenant-id' }

/** What stands here for kubelogin's own variables. @type {Record<string, string>} */
const successors = {
  AAD_SERVICE_PRINCIPAL_CLIENT_ID: 'AZURE_CLIENT_ID', AAD_SERVICE_PRINCIPAL_CLIENT_SECRET: 'AZURE_CLIENT_SECRET',
  AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE: 'AZURE_CLIENT_CERTIFICATE_PATH',
  AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE_PASSWORD: 'AZURE_CLIENT_CERTIFICATE_PASSWORD',
  AAD_LOGIN_METHOD: '--login among its arguments',
}

/** kubelogin's variables that it prefers to an option. @type {Record<string, string[]>} */
const preferred = { '--client-id': ['AAD_SERVICE_PRINCIPAL_CLIENT_ID', 'AZURE_CLIENT_ID'], '--tenant-id': ['AZURE_TENANT_ID'] }

/** The options without a meaning here, because this program keeps tokens elsewhere. */
const withoutMeaning = ['--token-cache-dir', '--cache-dir']

const known = ['--server-id', '--tenant-id', '--client-id', '--login', '--environment', ...withoutMeaning]

/**
 * Returns undefined for a user that does not log in to Azure.
 * @param {any} user
 * @param {string} [credential] the kind of credential that logs in, instead of the user's own login
 * @returns {Converted | Left | undefined}
 */
function convertedUser(user, credential) {
  if (user?.['auth-provider']?.name === 'azure') return ofProvider(user['auth-provider'].config ?? {}, credential)
  if (/(^|[/\\])kubelogin(\.exe)?$/.test(String(user?.exec?.command))) return ofKubelogin(user.exec, credential)
  return undefined
}

/**
 * @param {Record<string, string>} config
 * @param {string} [credential]
 * @returns {Converted | Left}
 */
function ofProvider(config, credential) {
  // With mode 0, tokens have the audience `spn:ID`, which a cluster in a later mode does not accept.
  if (String(config['config-mode'] ?? '0') !== '1') return { reason: 'its config-mode is 0, whose tokens have another audience. Get the kubeconfig again with az aks get-credentials' }
  const cloud = cloudOf(config.environment)
  if (typeof cloud === 'object') return cloud
  return execOf(`${GROUP}/v1`, { '--server-id': config['apiserver-id'], '--tenant': config['tenant-id'], '--credential': credential, '--cloud': cloud })
}

/**
 * @param {{ apiVersion?: string, args?: unknown, env?: unknown }} exec
 * @param {string} [credential]
 * @returns {Converted | Left | undefined}
 */
function ofKubelogin({ apiVersion, args, env }, credential) {
  const words = Array.isArray(args) ? args.map(String) : []
  // This is another program with the same name, for any OpenID provider.
  if (words.some((word) => word.startsWith('--oidc-'))) return undefined
  const reason = reasonOfVariables(env, words)
  if (reason !== undefined) return { reason }
  const options = optionsOf(words.filter((word) => word !== 'get-token'))
  return 'reason' in options ? /** @type {Left} */ (options) : ofOptions(/** @type {Record<string, string>} */ (options), apiVersion, credential)
}

/**
 * Variables may decide whose token it is. This program does not read all those of kubelogin, which prefers them to its options.
 * @param {unknown} env
 * @param {string[]} words
 */
function reasonOfVariables(env, words) {
  const names = Array.isArray(env) ? env.map((one) => String(one?.name)).filter((name) => /^(AAD|AZURE)_/.test(name)) : []
  if (names.length === 0) return undefined
  const replaced = Object.keys(successors).filter((name) => names.includes(name) && !names.includes(successors[name])).map((name) => `${successors[name]} in place of ${name}`)
  const others = replaced.length === 0 ? '' : `, with ${replaced.join(', ')}`
  const written = words.map((word) => word.split('=')[0]).map((name) => shortNames[name] ?? name)
  const overruled = Object.keys(preferred).filter((option) => written.includes(option) && names.some((name) => preferred[option].includes(name)))
  return `it sets variables of kubelogin (AAD_…, AZURE_…) under env. Set them for kubectl${others}, remove ${['them', ...overruled].join(' and ')} there, and convert again`
}

/**
 * @param {Record<string, string>} options
 * @param {string} [apiVersion]
 * @param {string} [credential]
 * @returns {Converted | Left}
 */
function ofOptions(options, apiVersion, credential) {
  const own = credential ?? ownLogin(options['--login'])
  if (own === undefined) return { reason: 'its login needs a user (devicecode, interactive, ropc) or is unknown. To use the login of az, add --credential azureCli' }
  const cloud = cloudOf(options['--environment'])
  if (typeof cloud === 'object') return cloud
  const version = apiVersion === `${GROUP}/v1beta1` ? apiVersion : `${GROUP}/v1`
  // A tool has its own application, so kubelogin ignores the id; and a login with user interaction has a different one.
  const hasOwnClient = !withClientId.includes(own) || ownLogin(options['--login']) === undefined
  return execOf(version, {
    '--server-id': options['--server-id'], '--tenant': options['--tenant-id'], '--client-id': hasOwnClient ? undefined : options['--client-id'],
    '--credential': own, '--cloud': cloud,
  })
}

/** @param {string | undefined} login */
function ownLogin(login) {
  const name = (login ?? 'devicecode').toLowerCase()
  return Object.hasOwn(logins, name) ? logins[name] : undefined
}

/**
 * Reads `--name value` and `--name=value`. An unknown option may decide whose token it is.
 * @param {string[]} words
 * @returns {Record<string, string> | Left}
 */
function optionsOf(words) {
  /** @type {Record<string, string>} */
  const options = {}
  for (let index = 0; index < words.length; index++) {
    const [, written, joined] = /^(-[^=]*)(?:=(.*))?$/s.exec(words[index]) ?? []
    const name = shortNames[written] ?? written
    if (!known.includes(name)) return { reason: refusal(name) }
    options[name] = joined ?? words[++index]
    if (options[name] === undefined) return { reason: `${name} has no value` }
  }
  return options
}

/** Never shows a value, because it may be a secret. @param {string | undefined} name */
function refusal(name) {
  if (name !== undefined && /secret|password/.test(name)) return 'its arguments contain a secret. Put it into AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PASSWORD, and remove it there'
  if (name === '--pop-enabled' || name === '--pop-claims') return 'it asks for proof-of-possession tokens, which this program does not have'
  return name !== undefined && /^--?[a-z-]{1,40}$/.test(name) ? `${name} has no counterpart here` : 'one of its arguments is not known'
}

/** @param {string | undefined} environment */
function cloudOf(environment) {
  if (environment === undefined || environment === '') return undefined
  return clouds[environment.toLowerCase()] ?? { reason: 'its environment is an unknown cloud. Set ARM_METADATA_HOSTNAME, and remove the environment there' }
}

/**
 * @param {string} apiVersion
 * @param {Record<string, string | undefined>} options
 * @returns {Converted}
 */
function execOf(apiVersion, options) {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== '')
  const installHint = 'azure-client-token is not found: npm install --global azure-client-token'
  return { exec: { apiVersion, command: 'azure-client-token', args: ['kubectl', ...given.flatMap(([name, value]) => [name, String(value)])], interactiveMode: 'Never', provideClusterInfo: false, installHint } }
}

module.exports = { convertedUser }
