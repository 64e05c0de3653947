// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')
const discovery = require('./discovery')
const { Refusal, refusalAnswer } = require('./errors')
const { answerTokenRequest } = require('./token-endpoint')

/**
 * @typedef {import('./messages').Request} Request
 * @typedef {import('./messages').Answer} Answer
 * @typedef {import('./token-request').TokenEndpointOptions & import('./discovery').DiscoveryOptions
 *   & { journal: import('./journal').Journal, errorStyle: import('./errors').ErrorStyle,
 *   issuers: import('./oidc-issuers').OidcIssuers }} EntraOptions
 * @typedef {{ method: string, pattern: RegExp, counter: keyof import('./journal').Counters,
 *   answer: (options: EntraOptions, request: Request, tenant: string) => Answer | Promise<Answer> }} Route
 */

/** @type {Route[]} */
const ROUTES = [
  {
    method: 'POST',
    pattern: /^\/([^/]+)\/oauth2\/v2\.0\/token$/,
    counter: 'tokenRequests',
    answer: answerTokenRequest
  },
  {
    method: 'GET',
    pattern: /^\/common\/discovery\/instance$/,
    counter: 'discoveryRequests',
    answer: (_options, request) => ({ body: discovery.instanceDiscovery(request) })
  },
  {
    method: 'GET',
    pattern: /^\/metadata\/endpoints$/,
    counter: 'discoveryRequests',
    answer: (options, request) => ({ body: discovery.cloudMetadata(request, options) })
  },
  {
    // The request of `az login` to Azure Resource Manager. The emulator has no subscriptions.
    method: 'GET',
    pattern: /^\/subscriptions$/,
    counter: 'discoveryRequests',
    answer: () => ({ body: { value: [] } })
  },
  tenantDocument(/^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/, discovery.openidConfiguration),
  tenantDocument(/^\/([^/]+)\/\.well-known\/openid-configuration$/, discovery.openidConfigurationV1),
  tenantDocument(/^\/([^/]+)\/discovery\/(?:v2\.0\/)?keys$/, (_request, _tenant, { signer }) => signer.jwks)
]

/**
 * @param {{ method: string, path: string, answer: (request: Request) => Answer }} endpoint
 * @returns {Route}
 */
function assertionRoute({ method, path, answer }) {
  return {
    method,
    pattern: new RegExp(`^${path}$`),
    counter: 'assertionRequests',
    answer: (_options, request) => answer(request)
  }
}

/**
 * @param {RegExp} pattern
 * @param {(request: Request, tenant: string, options: EntraOptions) => object} document
 * @returns {Route}
 */
function tenantDocument(pattern, document) {
  return {
    method: 'GET',
    pattern,
    counter: 'discoveryRequests',
    answer: (options, request, tenant) => ({ body: document(request, knownTenant(options, tenant), options) })
  }
}

/**
 * @param {EntraOptions} options
 * @param {string} tenant
 */
function knownTenant({ directory }, tenant) {
  return tenant === 'common' || tenant === 'organizations' ? tenant : directory.requireTenant(tenant)
}

/**
 * @param {EntraOptions} options
 * @returns {import('./messages').Handler}
 */
function entraHandler(options) {
  const routes = [...ROUTES, ...options.issuers.endpoints.map(assertionRoute)]
  return async (request) => {
    const answer = await answerOrRefusal(routes, options, request)
    return { ...answer, headers: { ...standardHeaders(request), ...answer.headers } }
  }
}

/**
 * @param {Route[]} routes
 * @param {EntraOptions} options
 * @param {Request} request
 * @returns {Promise<Answer>}
 */
async function answerOrRefusal(routes, options, request) {
  try {
    return await route(routes, options, request)
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error, request, options.errorStyle)
    throw error
  }
}

/**
 * @param {Route[]} routes
 * @param {EntraOptions} options
 * @param {Request} request
 * @returns {Answer | Promise<Answer>}
 */
function route(routes, options, request) {
  const fitting = routes.filter(({ pattern }) => pattern.test(request.path))
  if (fitting.length === 0) return { status: 404 }
  const found = fitting.find(({ method }) => method === request.method)
  if (!found) return { status: 405, headers: { allow: fitting[0].method } }
  options.journal.count(found.counter)
  return found.answer(options, request, found.pattern.exec(request.path)?.[1] ?? '')
}

/** @param {Request} request */
function standardHeaders({ headers }) {
  const correlationId = headers['client-request-id']
  return {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-request-id': randomUUID(),
    ...(headers['return-client-request-id'] === 'true' && correlationId && { 'client-request-id': String(correlationId) })
  }
}

module.exports = { entraHandler }
