// @ts-check
'use strict'

// The options that the classes share. Each is supported, refused by name, or known to have no effect here; see
// docs/azure-identity.md.

const { configurationError } = require('../errors')
const { optionOf, wrongType } = require('../input-values')
const { retryOf } = require('./retry')

/** Options that are not supported, each with the reason. */
const REFUSED = {
  httpClient: 'the requests are made by native code',
  additionalPolicies: 'the requests are made by native code',
  agent: 'the requests are made by native code, over connections that the process shares',
  redirectOptions: 'no redirect is followed',
  telemetryOptions: 'the name of the header with the request\'s id is fixed',
  apiVersion: 'the version of each service is fixed',
}

/** Members of `tlsOptions` that do not concern certificate authorities. */
const OF_CLIENT_CERTIFICATE = ['cert', 'key', 'pfx', 'passphrase']

/**
 * Returns the options for the core.
 * @param {object | null | undefined} bag
 * @returns {Record<string, unknown>}
 */
function sharedOptions(bag) {
  const options = bag ?? {}
  refuse(options)
  const authorityHost = optionOf(options, 'authorityHost') || undefined
  const [proxy, ca] = [proxyOf(optionOf(options, 'proxyOptions')), authoritiesOf(optionOf(options, 'tlsOptions'))]
  return { authorityHost, proxy, ca, cache: cacheOf(options), retry: retryOf(options) }
}

/** @param {object} options */
function refuse(options) {
  for (const [name, reason] of Object.entries(REFUSED)) {
    if (optionOf(options, name) !== undefined) throw refused(name, reason)
  }
  refuseBroker(options)
}

/**
 * Returns the store of the machine, if tokens are to be kept there.
 * @param {object} options
 */
function cacheOf(options) {
  const persistence = persistenceOf(options)
  if (persistence === undefined) return undefined
  const protection = optionOf(persistence, 'unsafeAllowUnencryptedStorage') ? 'file' : 'required'
  return { kind: 'machine', protection }
}

/**
 * Returns the name that the program gave to its part of that store.
 * @param {object | null | undefined} bag
 * @returns {string | undefined}
 */
function cacheName(bag) {
  const name = optionOf(persistenceOf(bag ?? {}) ?? {}, 'name') || undefined
  if (name !== undefined && typeof name !== 'string') throw wrongType('options.tokenCachePersistenceOptions.name', 'a string', name)
  return name
}

/** @param {object} options @returns {object | undefined} */
function persistenceOf(options) {
  const persistence = optionOf(options, 'tokenCachePersistenceOptions')
  return persistence && optionOf(persistence, 'enabled') ? /** @type {object} */ (persistence) : undefined
}

/** @param {object} options */
function refuseBroker(options) {
  const broker = optionOf(options, 'brokerOptions')
  if (broker && optionOf(broker, 'enabled')) throw refused('brokerOptions', 'a broker signs a user in, and this package has no interactive login')
}

/**
 * @param {string} name
 * @param {string} reason
 */
function refused(name, reason) {
  const message = `azure-client-token/identity does not support the option ${name}: ${reason}. Leave it out, or use @azure/identity.`
  return configurationError(message, [name])
}

/**
 * Returns the address of a proxy, with its user and password percent-encoded.
 * @param {any} proxy
 */
function proxyOf(proxy) {
  if (!proxy) return undefined
  const { host, port, username, password } = proxy
  if (typeof host !== 'string') throw wrongType('options.proxyOptions.host', 'a string', host)
  const address = addressOf(host)
  if (port) address.port = String(port)
  if (username) address.username = encodeURIComponent(username)
  if (password) address.password = encodeURIComponent(password)
  return address.href.replace(/\/$/, '')
}

/**
 * Node.js's own error contains the value, which may have a password.
 * @param {string} host
 */
function addressOf(host) {
  try {
    return new URL(host.includes('://') ? host : `http://${host}`)
  } catch {
    throw configurationError('options.proxyOptions.host is not an address: set it to http://HOST or https://HOST', ['proxyOptions.host'])
  }
}

/** @param {any} tls */
function authoritiesOf(tls) {
  if (!tls) return undefined
  const name = OF_CLIENT_CERTIFICATE.find((part) => optionOf(tls, part) !== undefined)
  if (name !== undefined) throw refused(`tlsOptions.${name}`, 'TLS client certificates are not supported')
  return optionOf(tls, 'ca')
}

/**
 * @param {object | null | undefined} bag
 * @returns {string[]}
 */
function allowedTenants(bag) {
  return bag ? /** @type {string[]} */ (optionOf(bag, 'additionallyAllowedTenants') ?? []) : []
}

/**
 * Returns the authority in the option, or else in AZURE_AUTHORITY_HOST. It must be https.
 * @param {unknown} authorityHost
 * @param {import('./environment').Variables} variables
 */
function checkAuthority(authorityHost, variables) {
  const address = authorityHost ?? variables.read('AZURE_AUTHORITY_HOST') ?? 'https:'
  if (!String(address).startsWith('https:')) throw new Error('The authority host is not an https address. Use one that starts with https://, or leave the option authorityHost and AZURE_AUTHORITY_HOST out.')
}

module.exports = { allowedTenants, cacheName, checkAuthority, refused, sharedOptions }
