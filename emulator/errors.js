// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')

/**
 * @typedef {{ status: number, error: string, code: number, text: (...details: string[]) => string }} RefusalKind
 * @typedef {{ lineBreaks?: boolean }} ErrorStyle
 */

/**
 * The errors of Entra ID that a program without a browser gets: HTTP status, OAuth error, AADSTS number. The wording is the
 * emulator's own; programs should rely on the numbers only, as with Entra ID.
 * @satisfies {Record<string, RefusalKind>}
 */
const REFUSALS = {
  tenantNotFound: {
    status: 400, error: 'invalid_request', code: 90002,
    text: (tenant) => `Tenant '${tenant}' not found. Check the tenant ID and the cloud.`
  },
  tenantMalformed: {
    status: 400, error: 'invalid_request', code: 900023,
    text: (tenant) => `Tenant identifier '${tenant}' is neither a GUID nor a domain name.`
  },
  parameterMissing: {
    status: 400, error: 'invalid_request', code: 900144,
    text: (name) => `The request body must contain the following parameter: '${name}'.`
  },
  grantTypeUnsupported: {
    status: 400, error: 'unsupported_grant_type', code: 70003,
    text: (grantType) => `The grant type '${grantType}' is not supported here.`
  },
  applicationNotFound: {
    status: 400, error: 'unauthorized_client', code: 700016,
    text: (clientId, tenant) => `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`
  },
  scopeInvalid: {
    status: 400, error: 'invalid_scope', code: 70011,
    text: (scope) => `The value '${scope}' of parameter 'scope' is not valid: one resource identifier, followed by /.default, is expected.`
  },
  credentialMissing: {
    status: 401, error: 'invalid_client', code: 7000216,
    text: () => "One of 'client_assertion' and 'client_secret' is required for this grant type."
  },
  resourcesSeveral: {
    status: 400, error: 'invalid_scope', code: 700022,
    text: (scope) => `The value '${scope}' of parameter 'scope' is not valid because it names more than one resource.`
  },
  assertionMalformed: {
    status: 400, error: 'invalid_request', code: 50027,
    text: () => 'The JWT is invalid or malformed.'
  },
  certificateAssertionInvalid: {
    status: 401, error: 'invalid_client', code: 700027,
    text: (reason) => `The certificate used to sign the client assertion cannot be accepted. [Reason - ${reason}.]`
  },
  assertionSubjectInvalid: {
    status: 401, error: 'invalid_client', code: 700021,
    text: () => "The client assertion's application identifier differs from parameter 'client_id'."
  },
  assertionAudienceInvalid: {
    status: 401, error: 'invalid_client', code: 700023,
    text: (audience) => `The client assertion's audience '${audience}' is not this token endpoint.`
  },
  assertionOutOfTime: {
    status: 401, error: 'invalid_client', code: 700024,
    text: (now, from, until) =>
      `The client assertion is not within its valid time range. Current time: ${now}, valid from ${from}, expires ${until}.`
  },
  assertionSignatureInvalid: {
    status: 401, error: 'invalid_client', code: 50013,
    text: () => 'The signature of the assertion could not be verified.'
  },
  federationUnknown: {
    status: 400, error: 'invalid_request', code: 70021,
    text: (issuer, subject, audience) =>
      `No federated identity matches the assertion. Its issuer: '${issuer}'. Its subject: '${subject}'. Its audience: '${audience}'.`
  },
  federationIssuerUnknown: {
    status: 401, error: 'invalid_client', code: 700211,
    text: (issuer) => `No federated identity matches the assertion's issuer '${issuer}'.`
  },
  federationAudienceUnknown: {
    status: 401, error: 'invalid_client', code: 700212,
    text: (audience) => `No federated identity matches the assertion's audience '${audience}'.`
  },
  federationSubjectUnknown: {
    status: 401, error: 'invalid_client', code: 700213,
    text: (subject) => `No federated identity matches the assertion's subject '${subject}'. The comparison is case-sensitive.`
  },
  federationKeyUnknown: {
    status: 401, error: 'invalid_client', code: 5000811,
    text: () => "The assertion is signed with a key that its issuer has not published."
  },
  userSignatureInvalid: {
    status: 400, error: 'invalid_grant', code: 50013,
    text: () => "The signature of the user's token could not be verified."
  },
  userAudienceInvalid: {
    status: 400, error: 'invalid_grant', code: 500131,
    text: (audience) => `The audience '${audience}' of the user's token is not the application that presents it.`
  },
  userTokenOutOfTime: {
    status: 400, error: 'invalid_grant', code: 500133,
    text: () => "The user's token is not within its valid time range."
  },
  userMissing: {
    status: 400, error: 'invalid_request', code: 240002,
    text: () => 'The token that was presented is not that of a user.'
  },
  interactionRequired: {
    status: 400, error: 'interaction_required', code: 50076,
    text: () => 'A policy of the organisation requires additional authentication.'
  },
  secretInvalid: {
    status: 401, error: 'invalid_client', code: 7000215,
    text: (clientId) => `Invalid client secret provided for app '${clientId}'. The secret's value is expected, not its ID.`
  }
}

class Refusal extends Error {
  /**
   * @param {keyof typeof REFUSALS} kind
   * @param {string[]} details
   */
  constructor(kind, details) {
    const { text, code, status, error } = /** @type {RefusalKind} */ (REFUSALS[kind])
    super(`AADSTS${code}: ${text(...details)}`)
    this.code = code
    this.status = status
    this.error = error
    // What the client must send with its next request, if the error is such a challenge.
    this.challenge = kind === 'interactionRequired' ? { suberror: 'basic_action', claims: details[0] } : {}
  }
}

/**
 * @param {keyof typeof REFUSALS} kind
 * @param {...string} details
 * @returns {never}
 */
function refuse(kind, ...details) {
  throw new Refusal(kind, details)
}

/**
 * @param {Refusal} refusal
 * @param {import('./messages').Request} request
 * @param {ErrorStyle} style
 * @returns {import('./messages').Answer}
 */
function refusalAnswer({ message, code, status, error, challenge }, request, style) {
  const correlationId = requestId(request)
  const body = { ...errorBody({ error, code, message, origin: request.origin, correlationId }, style), ...challenge }
  return { status, headers: { 'x-ms-request-id': body.trace_id }, body }
}

/**
 * @param {{ error: string, code: number, message: string, origin: string, correlationId: string }} refusal
 * @param {ErrorStyle} [style] Entra ID has sometimes put each id on its own line; JSON then contains escapes
 */
function errorBody({ error, code, message, origin, correlationId }, { lineBreaks = false } = {}) {
  const traceId = randomUUID()
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\.\d+/, '')
  const parts = [message, `Trace ID: ${traceId}`, `Correlation ID: ${correlationId}`, `Timestamp: ${timestamp}`]
  return {
    error,
    error_description: parts.join(lineBreaks ? '\r\n' : ' '),
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${origin}/error?code=${code}`
  }
}

/**
 * Returns the request id that the client sent, or a new one.
 * @param {import('./messages').Request} request
 */
function requestId({ headers }) {
  const given = headers['client-request-id']
  return typeof given === 'string' && given !== '' ? given : randomUUID()
}

module.exports = { Refusal, errorBody, refusalAnswer, refuse }
