// @ts-check
'use strict'

// Spans and metrics of the tokens that a program gets, with the OpenTelemetry SDK that the program has set up. Calls that the thread's near
// cache answers are not reported, so they have no additional cost.
//
//   npm install @opentelemetry/api
//   node --require ./opentelemetry.js program.js
//
// The names follow the semantic conventions of OpenTelemetry where these have one. No message of the channels contains a secret.

const { subscribe, tracingChannel } = require('node:diagnostics_channel')
// @ts-ignore: @opentelemetry/api is a dependency of your program, not of this package.
const { SpanKind, SpanStatusCode, metrics, trace } = require('@opentelemetry/api')

/** @typedef {import('azure-client-token').TokenAcquisition} Acquisition */
/** @typedef {import('azure-client-token').StoreCommand} StoreCommand */

const tracer = trace.getTracer('azure-client-token')
const meter = metrics.getMeter('azure-client-token')
const acquisitions = meter.createHistogram('azure_client_token.acquire.duration', { unit: 's', description: 'How long calls for a token took' })
const commands = meter.createHistogram('azure_client_token.store.duration', { unit: 's', description: 'How long commands to the shared store took' })

/** The acquisitions under way: span and start time. @type {WeakMap<Acquisition, { span: any, start: number }>} */
const begun = new WeakMap()

tracingChannel('azure-client-token:acquire').subscribe({
  start: (message) => begin(/** @type {Acquisition} */ (message)),
  asyncEnd: (message) => end(/** @type {Acquisition} */ (message)),
  end() {},
  asyncStart() {},
  error() {}
})
subscribe('azure-client-token:store', (message) => record(/** @type {StoreCommand} */ (message)))

/** @param {Acquisition} acquisition */
function begin(acquisition) {
  const { reason, scopes } = acquisition
  // A child of the span that is active when the program requests the token.
  const span = tracer.startSpan('azure_client_token.acquire', { kind: SpanKind.CLIENT, attributes: { 'azure_client_token.reason': reason } })
  if (scopes) span.setAttribute('azure_client_token.scopes', [...scopes])
  begun.set(acquisition, { span, start: performance.now() })
}

/** @param {Acquisition} acquisition */
function end(acquisition) {
  const { span, start } = begun.get(acquisition) ?? {}
  if (!span || start === undefined) return
  const { error, tenantId, correlationId, reason, from, source } = acquisition
  const attributes = defined({
    'azure_client_token.from': from,
    'azure_client_token.source': source,
    'error.type': error && typeOf(error),
    'http.response.status_code': acquisition.statusCode,
    'server.address': acquisition.host
  })
  span.setAttributes({ ...attributes, ...defined({ 'azure_client_token.tenant_id': tenantId, 'azure_client_token.correlation_id': correlationId }) })
  for (const attempt of acquisition.attempts ?? []) {
    span.addEvent('azure_client_token.attempt', { source: attempt.source, outcome: attempt.outcome, milliseconds: attempt.milliseconds })
  }
  if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: String(/** @type {Error} */ (error).message) })
  span.end()
  acquisitions.record((performance.now() - start) / 1000, { 'azure_client_token.reason': reason, ...attributes })
}

/** @param {StoreCommand} command */
function record({ command, outcome, milliseconds, errorType }) {
  commands.record(milliseconds / 1000, defined({ 'azure_client_token.command': command, 'azure_client_token.outcome': outcome, 'error.type': errorType }))
}

/**
 * The stable code of this package's errors; for other errors, such as the reason of an abort signal, their name.
 * @param {any} error
 */
function typeOf({ code, name }) {
  return String(code ?? name ?? '_OTHER')
}

/** @param {Record<string, any>} attributes */
function defined(attributes) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
