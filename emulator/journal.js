// @ts-check
'use strict'

/**
 * @typedef {object} RecordedRequest what was asked, without anything secret
 * @property {string} service 'entra', or the managed identity host that was asked
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

// Lists of what may be kept, not of what may not: a field that is in no list stays out.
const PUBLIC_PARAMETERS = new Set([
  'api-version', 'audience', 'authorization_endpoint', 'claims', 'client_assertion_type', 'client_id', 'client_info',
  'clientid', 'grant_type', 'mi_res_id', 'msi_res_id', 'object_id', 'principal_id', 'requested_token_use', 'resource',
  'scope', 'serviceConnectionId'
])
const PUBLIC_HEADERS = new Set([
  'accept', 'client-request-id', 'connection', 'content-type', 'host', 'metadata', 'return-client-request-id',
  'user-agent', 'x-client-os', 'x-client-sku', 'x-client-ver', 'x-ms-client-request-id', 'x-tfs-fedauthredirect'
])

function createJournal() {
  const counters = zeroCounters()
  /** @type {RecordedRequest[]} */
  const requests = []

  return {
    counters,
    requests,
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

/**
 * @param {import('./messages').Request} request
 * @returns {RecordedRequest}
 */
function withoutSecrets({ service, method, path, query, headers, form }) {
  return {
    service,
    method,
    path,
    query: publicParameters(query),
    headers: publicHeaders(headers),
    fields: [...form.keys()],
    form: publicParameters(form)
  }
}

/** @param {URLSearchParams} parameters */
function publicParameters(parameters) {
  return Object.fromEntries([...parameters].filter(([name]) => PUBLIC_PARAMETERS.has(name)))
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function publicHeaders(headers) {
  const kept = Object.entries(headers).filter(([name]) => PUBLIC_HEADERS.has(name))
  const texts = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
  const scheme = headers.authorization?.split(' ', 1)[0]
  return { ...texts, ...(scheme && { authorization: scheme }) }
}

module.exports = { createJournal, withoutSecrets }
