// @ts-check
'use strict'

// `retryOptions`: the number of requests, the waits between them, and the outcome.

const { SCOPE, WHY, ended, secretOf } = require('./identity-cases-common')

/** @typedef {import('./identity-cases-common').Case} Case */

const wrongType = { class: 'TypeError', name: 'TypeError' }
const busy = { status: 503, body: { error: 'temporarily_unavailable' } }

/** A delay that takes no time, and one that outlasts the program. */
const [SHORT, LONG] = [1, 600_000]

/** Applications that authenticate with Entra ID. @type {Case[]} */
const applicationCases = [
  { name: 'out of order for two requests, two retries', fault: { ...busy, times: 2 }, run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 2, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'out of order for two requests, one retry', fault: { ...busy, times: 2 }, run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 1, retryDelayInMs: SHORT } }).getToken(SCOPE), differs: { why: WHY.outage, ours: { ...ended, statusCode: 503 } } },
  { name: 'out of order, no retries', fault: busy, run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 0 } }).getToken(SCOPE), differs: { why: WHY.outage, ours: { ...ended, statusCode: 503 } } },
  { name: 'out of order for six requests, six retries: more than is usual', fault: { ...busy, times: 6 }, run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 6, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'out of order for three requests, the number of retries left out', fault: { ...busy, times: 3 }, run: (i, c) => secretOf(i, c, { retryOptions: { retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'cut off for five requests, five retries', fault: { destroy: true, times: 5 }, run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 5, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'the waits of three retries double', fault: { ...busy, times: 3 }, waits: [100, 200], run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 3, retryDelayInMs: 200 } }).getToken(SCOPE) },
  { name: 'no wait is longer than the longest', fault: { ...busy, times: 3 }, waits: [50, 50], run: (i, c) => secretOf(i, c, { retryOptions: { maxRetries: 3, retryDelayInMs: LONG, maxRetryDelayInMs: 100 } }).getToken(SCOPE) },
  { name: 'a refusal is not asked again, whatever the retries', run: (i, c) => new i.ClientSecretCredential(c.tenantId, c.clientId, 'wrong', { authorityHost: c.authorityHost, disableInstanceDiscovery: true, retryOptions: { maxRetries: 5, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'the member of a chain has the retries of the chain', environment: (c) => ({ AZURE_TENANT_ID: c.tenantId, AZURE_CLIENT_ID: c.clientId, AZURE_CLIENT_SECRET: c.clientSecret, AZURE_AUTHORITY_HOST: c.authorityHost }), fault: { ...busy, times: 5 }, run: (i) => new i.DefaultAzureCredential({ disableInstanceDiscovery: true, retryOptions: { maxRetries: 5, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'retries that are none', run: (i, c) => secretOf(i, c, { retryOptions: {} }).getToken(SCOPE) },
  ...[{ maxRetries: -1 }, { maxRetries: 1.5 }, { maxRetries: '1' }, { retryDelayInMs: -1 }, { maxRetryDelayInMs: '1' }].map((retryOptions) => ({
    name: `retries of a wrong type: ${JSON.stringify(retryOptions)}`,
    run: (/** @type {any} */ i, /** @type {any} */ c) => void secretOf(i, c, { retryOptions }),
    differs: { why: 'an option of a wrong type is a TypeError', ours: wrongType },
  })),
]

/** Managed identities. */
const managedIdentityCases = /** @type {Case[]} */ ([
  { name: 'appService is out of order for two requests, two retries', fault: { ...busy, times: 2 }, environment: (c) => c.hosts.appService, run: (i) => new i.ManagedIdentityCredential({ retryOptions: { maxRetries: 2, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'imds is out of order for two requests, two retries, by the second parameter', fault: { ...busy, times: 2 }, environment: (c) => c.hosts.imds, run: (i, c) => new i.ManagedIdentityCredential(c.userAssigned, { retryOptions: { maxRetries: 2, retryDelayInMs: SHORT } }).getToken(SCOPE) },
  { name: 'imds is out of order, no retries', fault: busy, environment: (c) => c.hosts.imds, run: (i) => new i.ManagedIdentityCredential({ retryOptions: { maxRetries: 0 } }).getToken(SCOPE), differs: { why: WHY.outage, ours: { ...ended, statusCode: 503 } } },
  { name: 'imds is not ready for one request, one retry', fault: { status: 404, times: 1 }, environment: (c) => c.hosts.imds, run: (i) => new i.ManagedIdentityCredential({ retryOptions: { maxRetries: 1, retryDelayInMs: SHORT } }).getToken(SCOPE) },
]).map((one) => ({ ...one, alone: true }))

/** @type {Case[]} */
const cases = [...applicationCases, ...managedIdentityCases]

module.exports = { cases }
