// @ts-check
'use strict'

/**
 * @typedef {object} RecordedRequest a request without its secrets
 * @property {string} service 'entra', or the kind of managed identity host that received the request
 * @property {string} method
 * @property {string} path
 * @property {Record<string, string>} query
 * @property {Record<string, string>} headers
 * @property {string[]} fields names of all form fields
 * @property {Record<string, string>} form the form fields that are not secret
 *
 * @typedef {{ requests: number, tokenRequests: number, discoveryRequests: number, managedIdentityRequests: number,
 *   assertionRequests: number, connections: number, resumedSessions: number }} Counters
 * @typedef {ReturnType<typeof createJournal>} Journal
 */

const REMEMBERED_REQUESTS = 1000

// Allow-lists: a field that is in none of them is not recorded.
const PUBLIC_PARAMETERS = new Set([
  'api-version', 'audience', 'authorization_endpoint', 'claims', 'client_assertion_type', 'client_id', 'client_info',
  'clientid', 'grant_type', 'mi_res_id', 'msi_res_id', 'object_id', 'principal_id', 'requested_token_use', 'resource',
  'scope', 'serviceConnectionId'
])
// Fields whose name is recorded. An unknown name may be a secret: a body that is not a form is one name without a value.
const KNOWN_FIELDS = new Set([
  ...PUBLIC_PARAMETERS, 'assertion', 'client_assertion', 'client_secret', 'code', 'fmi_path', 'password', 'redirect_uri', 'refresh_token',
  'username', 'x-client-CPU', 'x-client-OS', 'x-client-SKU', 'x-client-VER', 'x-client-current-telemetry', 'x-client-last-telemetry',
  'x-client-cpu', 'x-client-os', 'x-client-sku', 'x-client-ver'
])
const OTHER = '(other)'
const SCHEMES = /^(basic|bearer|digest|dpop|negotiate|ntlm|pop)$/i

// A thousand requests are kept, each of which may have a megabyte.
const LONGEST_TEXT = 4096
const MOST_FIELDS = 100

const PUBLIC_HEADERS = new Set([
  'accept', 'client-request-id', 'connection', 'content-type', 'host', 'metadata', 'return-client-request-id',
  'user-agent', 'x-client-os', 'x-client-sku', 'x-client-ver', 'x-ms-client-request-id', 'x-tfs-fedauthredirect'
])

/** A shorter secret occurs in ordinary words. */
const SHORTEST_SECRET = 6
const HIDDEN = '(a secret)'

/** @param {string[]} [clientSecrets] of the applications */
function createJournal(clientSecrets = []) {
  const counters = zeroCounters()
  /** @type {RecordedRequest[]} */
  const requests = []

  return {
    counters,
    requests,
    secrets: clientSecrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap(spellings).sort((one, other) => other.length - one.length),
    /** @param {RecordedRequest} request */
    record(request) {
      counters.requests += 1
      requests.push(request)
      if (requests.length > REMEMBERED_REQUESTS) requests.shift()
    },
    /** @param {keyof Counters} counter */
    count(counter) {
      counters[counter] += 1
    },
    reset() {
      Object.assign(counters, zeroCounters())
      requests.length = 0
    }
  }
}

/** @returns {Counters} */
function zeroCounters() {
  return {
    requests: 0,
    tokenRequests: 0,
    discoveryRequests: 0,
    managedIdentityRequests: 0,
    assertionRequests: 0,
    connections: 0,
    resumedSessions: 0
  }
}

/** Returns the secret itself and its encodings in addresses and forms. @param {string} secret */
function spellings(secret) {
  return [...new Set([secret, encodeURIComponent(secret), String(new URLSearchParams({ '': secret })).slice(1)])]
}

/**
 * @param {import('./messages').Request} request
 * @param {string[]} secrets removed wherever they occur: a client may send one in a public field by mistake
 * @returns {RecordedRequest}
 */
function withoutSecrets({ service, method, path, query, headers, form }, secrets) {
  const kept = (/** @type {string} */ text) => cut(secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text))
  return {
    service,
    method,
    path: kept(path),
    query: publicParameters(query, kept),
    headers: publicHeaders(headers, kept),
    fields: [...form.keys()].slice(0, MOST_FIELDS).map((name) => (KNOWN_FIELDS.has(name) ? name : OTHER)),
    form: publicParameters(form, kept)
  }
}

/** @param {URLSearchParams} parameters @param {(text: string) => string} kept */
function publicParameters(parameters, kept) {
  return Object.fromEntries([...parameters].filter(([name]) => PUBLIC_PARAMETERS.has(name)).map(([name, value]) => [name, kept(value)]))
}

/**
 * Copies the text, because V8 keeps the whole of a long string in memory for a part of it.
 * @param {string} text
 */
function cut(text) {
  if (text.length <= LONGEST_TEXT) return text
  return `${Buffer.from(text.slice(0, LONGEST_TEXT)).toString()}…`
}

/** @param {import('node:http').IncomingHttpHeaders} headers @param {(text: string) => string} kept */
function publicHeaders(headers, kept) {
  const known = Object.entries(headers).filter(([name]) => PUBLIC_HEADERS.has(name))
  const texts = Object.fromEntries(known.map(([name, value]) => [name, kept(String(value))]))
  const scheme = headers.authorization?.split(' ', 1)[0]
  return { ...texts, ...(scheme && { authorization: SCHEMES.test(scheme) ? scheme : OTHER }) }
}

module.exports = { createJournal, withoutSecrets }
