// @ts-check
'use strict'

// A program with the real SDK of OpenTelemetry, in memory, and examples/opentelemetry.js: prints what the SDK recorded. NODE_PATH contains
// the SDK.

const { createRequire } = require('node:module')

const load = createRequire(__filename)
const { metrics, trace } = load('@opentelemetry/api')
const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = load('@opentelemetry/sdk-trace-base')
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = load('@opentelemetry/sdk-metrics')

const spans = new InMemorySpanExporter()
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({ exporter })
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))

require('../../examples/opentelemetry')
const { ClientTokenCredential } = require('azure-client-token')

main()

async function main() {
  const { tenantId, clientId, clientSecret, authorityHost } = JSON.parse(process.argv[2])
  const login = /** @type {const} */ ({ credential: 'clientSecret', tenantId, clientId, authorityHost })
  /** @type {Map<string, string>} */
  const values = new Map()
  const store = {
    get: async (/** @type {string} */ key) => values.get(key),
    set: async (/** @type {string} */ key, /** @type {string} */ value) => Boolean(values.set(key, value)),
    delete: async (/** @type {string} */ key) => values.delete(key),
  }
  const cache = /** @type {const} */ ({ kind: 'shared', store, keys: [{ id: 'k', key: new Uint8Array(32).fill(7) }] })
  const credential = new ClientTokenCredential({ ...login, clientSecret, cache })
  const { token } = await credential.getToken('https://vault.azure.net/.default')
  await credential.getToken('https://vault.azure.net/.default')
  await new ClientTokenCredential({ ...login, clientSecret: 'wrong' }).getToken('https://vault.azure.net/.default').catch(() => {})
  await reader.forceFlush()
  console.log(JSON.stringify({ token, spans: spans.getFinishedSpans().map(shownSpan), metrics: exporter.getMetrics().flatMap(shownMetrics) }))
  await reader.shutdown()
}

/** @param {any} span */
function shownSpan({ name, attributes, events, status }) {
  return { name, attributes, events: events.map((/** @type {any} */ event) => ({ name: event.name, ...event.attributes })), status }
}

/** @param {any} resource */
function shownMetrics({ scopeMetrics }) {
  return scopeMetrics.flatMap((/** @type {any} */ scope) => scope.metrics.flatMap(shownPoints))
}

/** @param {any} metric */
function shownPoints({ descriptor: { name, unit }, dataPoints }) {
  return dataPoints.map((/** @type {any} */ { attributes, value }) => ({ name, unit, attributes, count: value.count }))
}
