// @ts-check
'use strict'

/**
 * The one place that knows members which @pulumi/pulumi has at run time and leaves out of its declarations
 * (read in 3.142 and 3.270). The SDK's own invoke works by the same ones.
 */

const pulumi = require('./sdk.js')

/** @typedef {import('@pulumi/pulumi').Resource} Resource */
/** @typedef {{ __data?: Promise<unknown>, __childResources?: Set<Resource> }} ComponentInternals */

/**
 * @typedef {object} OutputInternals
 * @property {(withUnknowns: boolean) => Promise<unknown>} promise
 * @property {Promise<boolean>} isKnown
 * @property {() => Promise<Set<Resource>>} allResources
 */

/**
 * An output's value, with pulumi's `unknown` where a value is still to come, and whether all of it is known.
 * `undefined` that is not known is not the same as `unknown`: see provider-configuration.js.
 * @param {unknown} output
 * @returns {Promise<{ value: unknown, isKnown: boolean }>}
 */
async function outputState(output) {
  const { promise, isKnown } = /** @type {OutputInternals} */ (output)
  const [value, known] = await Promise.all([promise(true), isKnown])
  return { value, isKnown: known }
}

/**
 * The resources that an output's value comes from.
 * @param {unknown} output
 */
function outputResources(output) {
  return /** @type {OutputInternals} */ (output).allResources()
}

/**
 * The children of a component, once its constructor has made them all. A remote component's are the engine's affair.
 * @param {Resource} component
 * @returns {Promise<Iterable<Resource>>}
 */
async function componentChildren(component) {
  const internals = /** @type {ComponentInternals} */ (/** @type {unknown} */ (component))
  await internals.__data
  return internals.__childResources ?? []
}

/**
 * The type under which a resource is registered.
 * @param {object} resource
 */
function resourceType(resource) {
  return /** @type {{ __pulumiType?: string }} */ (resource).__pulumiType
}

/**
 * Whether a monitor stands in for the engine inside this process, as `pulumi.runtime.setMocks` sets one.
 * The monitor of a real run is a gRPC client; a stand-in has no channel to anywhere.
 */
function hasStandInMonitor() {
  const monitor = /** @type {{ getChannel?: unknown } | undefined} */ (pulumi.runtime.getMonitor())
  return monitor !== undefined && typeof monitor.getChannel !== 'function'
}

module.exports = { outputState, outputResources, componentChildren, resourceType, hasStandInMonitor }
