// @ts-check
'use strict'

/**
 * The only file that uses members which @pulumi/pulumi has at run time and omits from its declarations (read in 3.142 and
 * 3.270). The SDK's own invoke uses the same ones.
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
 * Returns an output's value, with pulumi's `unknown` for a value that is still to come, and whether all of it is known.
 * `undefined` that is not known differs from `unknown`: see provider-configuration.js.
 * @param {unknown} output
 * @returns {Promise<{ value: unknown, isKnown: boolean }>}
 */
async function outputState(output) {
  const { promise, isKnown } = /** @type {OutputInternals} */ (output)
  const [value, known] = await Promise.all([promise(true), isKnown])
  return { value, isKnown: known }
}

/**
 * Returns the resources that an output's value comes from.
 * @param {unknown} output
 */
function outputResources(output) {
  return /** @type {OutputInternals} */ (output).allResources()
}

/**
 * Returns the children of a component, once its constructor has created all of them. The engine creates those of a remote
 * component.
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
 * Returns whether a mock replaces the engine inside this process, as `pulumi.runtime.setMocks` sets one. The monitor of a
 * real run is a gRPC client; a mock has no channel.
 */
function hasStandInMonitor() {
  const monitor = /** @type {{ getChannel?: unknown } | undefined} */ (pulumi.runtime.getMonitor())
  return monitor !== undefined && typeof monitor.getChannel !== 'function'
}

module.exports = { outputState, outputResources, componentChildren, resourceType, hasStandInMonitor }
