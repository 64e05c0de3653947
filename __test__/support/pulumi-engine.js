// @ts-check
'use strict'

const { createRequire } = require('node:module')
const engineProto = require('@pulumi/pulumi/proto/engine_pb')
const { EngineService } = require('@pulumi/pulumi/proto/engine_grpc_pb')
const resourceProto = require('@pulumi/pulumi/proto/resource_pb')
const { ResourceMonitorService } = require('@pulumi/pulumi/proto/resource_grpc_pb')

// The same copies that the SDK itself loads, so that its messages are instances of these classes.
const requireFromSdk = createRequire(require.resolve('@pulumi/pulumi'))
/** @type {typeof import('@grpc/grpc-js')} */
const grpc = requireFromSdk('@grpc/grpc-js')
/** @type {typeof import('google-protobuf/google/protobuf/empty_pb')} */
const { Empty } = requireFromSdk('google-protobuf/google/protobuf/empty_pb')
/** @type {typeof import('google-protobuf/google/protobuf/struct_pb')} */
const { Struct } = requireFromSdk('google-protobuf/google/protobuf/struct_pb')

/** The engine's markers for an unknown value and for a secret. */
const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'
const signatureKey = '4dabf18193072939515e22adb298388d'
const secretSignature = '1b47061264138c4ac30d75fd1eb44270'

const supportedFeatures = new Set(['secrets', 'resourceReferences', 'outputValues', 'aliasSpecs', 'deletedWith'])
const project = 'p'
const stack = 'dev'

/**
 * @typedef {{ type: string, name: string, parent: string, provider: string, inputs: Record<string, any> }} Registration
 * @typedef {object} EngineOptions
 * @property {boolean} [preview]
 * @property {(registration: Registration) => Record<string, unknown>} [create]
 *   the outputs that the creation of a resource adds to its inputs; unknown in a preview
 * @property {(registration: Registration) => boolean} [silent] answers without properties, as for a skipped resource
 */

/**
 * A stand-in for a Pulumi engine: it registers every resource, returns a provider's inputs as the real one does, and records all calls.
 * Resources have no id in a preview.
 * @param {EngineOptions} [options]
 */
async function startPulumiEngine(options = {}) {
  const record = {
    /** @type {Registration[]} */ registrations: [],
    /** @type {string[]} tokens of the invoked functions */ invokes: [],
    /** @type {Record<string, any> | undefined} the stack's outputs */ outputs: undefined,
    /** @type {{ severity: number, message: string }[]} */ logs: [],
    /** whether the program has signalled its end; later calls are lost */ dismissed: false
  }
  const server = new grpc.Server()
  server.addService(ResourceMonitorService, /** @type {any} */ (resourceMonitor(record, options)))
  server.addService(EngineService, /** @type {any} */ (engine(record)))
  const address = `127.0.0.1:${await bind(server)}`
  return { record, address, project, stack, preview: options.preview === true, close: () => server.forceShutdown() }
}

/** @typedef {Awaited<ReturnType<typeof startPulumiEngine>>} PulumiEngine */

/** @param {import('@grpc/grpc-js').Server} server */
function bind(server) {
  return new Promise((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure()
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)))
  })
}

/**
 * @param {any} record
 * @param {EngineOptions} options
 */
function resourceMonitor(record, options) {
  return {
    /** @type {Handler} */
    supportsFeature({ request }, answer) {
      const response = new resourceProto.SupportsFeatureResponse()
      response.setHassupport(supportedFeatures.has(request.getId()))
      answer(null, response)
    },
    /** @type {Handler} */
    registerResource({ request }, answer) {
      if (record.dismissed) return answer({ code: grpc.status.UNAVAILABLE, details: 'the engine was dismissed' })
      const registration = registrationOf(request)
      record.registrations.push(registration)
      answer(null, registered(request, registration, options))
    },
    /** @type {Handler} */
    registerResourceOutputs({ request }, answer) {
      if (request.getUrn().includes('::pulumi:pulumi:Stack::')) record.outputs = request.getOutputs().toJavaScript()
      answer(null, new Empty())
    },
    /** @type {Handler} */
    invoke({ request }, answer) {
      record.invokes.push(request.getTok())
      answer({ code: grpc.status.NOT_FOUND, details: `this engine has no provider for ${request.getTok()}` })
    },
    /** @type {Handler} */
    signalAndWaitForShutdown(_, answer) {
      record.dismissed = true
      answer(null, new Empty())
    }
  }
}

/** @typedef {(call: { request: any }, answer: (error: object | null, response?: object) => void) => void} Handler */

/** @param {any} record */
function engine(record) {
  let rootUrn = ''
  return {
    /** @type {Handler} */
    log({ request }, answer) {
      record.logs.push({ severity: request.getSeverity(), message: request.getMessage() })
      answer(null, new Empty())
    },
    /** @type {Handler} */
    getRootResource(_, answer) {
      const response = new engineProto.GetRootResourceResponse()
      response.setUrn(rootUrn)
      answer(null, response)
    },
    /** @type {Handler} */
    setRootResource({ request }, answer) {
      rootUrn = request.getUrn()
      answer(null, new engineProto.SetRootResourceResponse())
    }
  }
}

/**
 * @param {any} request
 * @returns {Registration}
 */
function registrationOf(request) {
  const inputs = request.getObject()?.toJavaScript() ?? {}
  return { type: request.getType(), name: request.getName(), parent: request.getParent(), provider: request.getProvider(), inputs }
}

/**
 * @param {any} request
 * @param {Registration} registration
 * @param {EngineOptions} options
 */
function registered(request, registration, { preview = false, create = () => ({}), silent = () => false }) {
  const response = new resourceProto.RegisterResourceResponse()
  response.setUrn(`urn:pulumi:${stack}::${project}::${registration.type}::${registration.name}`)
  if (request.getCustom() && !preview) response.setId(`${registration.name}-id`)
  const state = preview ? registration.inputs : { ...registration.inputs, ...create(registration) }
  response.setObject(Struct.fromJavaScript(silent(registration) ? {} : /** @type {any} */ (state)))
  return response
}

/**
 * The value of a secret in the wire format, or undefined if it is not a secret.
 * @param {any} value
 */
function revealed(value) {
  return value?.[signatureKey] === secretSignature ? value.value : undefined
}

module.exports = { revealed, startPulumiEngine, unknownValue }
