// @ts-check
'use strict'

const pulumi = require('./sdk.js')
const { componentChildren, outputResources, outputState } = require('./internals.js')

/** @typedef {import('@pulumi/pulumi').Resource} Resource */
/** @typedef {import('@pulumi/pulumi').InvokeOutputOptions['dependsOn']} DependsOn */

/**
 * Returns everything that the output form of a call depends on: what its options name, and where its inputs come from.
 * @param {DependsOn} dependsOn
 * @param {unknown} inputs an output
 */
async function callDependencies(dependsOn, inputs) {
  const [explicit, implicit] = await Promise.all([explicitDependencies(dependsOn), outputResources(inputs)])
  return new Set([...explicit, ...implicit])
}

/**
 * pulumi.output resolves promises, arrays and outputs and does not change resources. The origin of an output counts as well.
 * @param {DependsOn} dependsOn
 * @returns {Promise<Resource[]>}
 */
async function explicitDependencies(dependsOn) {
  if (!dependsOn) return []
  const output = pulumi.output(/** @type {any} */ (dependsOn))
  const [{ value }, origins] = await Promise.all([outputState(output), outputResources(output)])
  const named = [value].flat(Infinity).filter((resource) => resource !== undefined && !pulumi.isUnknown(resource))
  named.forEach(checkResource)
  return [.../** @type {Resource[]} */ (named), ...origins]
}

/** @param {unknown} value */
function checkResource(value) {
  if (!pulumi.Resource.isInstance(value)) throw new TypeError('dependsOn must be a resource, or an array of resources.')
}

/**
 * Returns whether all of them exist: in a preview, a resource that is yet to be created has no id. In an update this waits
 * for it.
 * @param {Iterable<Resource>} resources
 */
async function allExist(resources) {
  const reached = new Set()
  await Promise.all([...resources].map((resource) => reach(resource, reached)))
  const existing = await Promise.all([...reached].map(exists))
  return existing.every(Boolean)
}

/**
 * Replaces a component with the resources that it created, at every depth.
 * @param {Resource} resource
 * @param {Set<Resource>} reached
 */
async function reach(resource, reached) {
  if (reached.has(resource)) return
  reached.add(resource)
  if (!pulumi.ComponentResource.isInstance(resource)) return
  const children = await componentChildren(resource)
  await Promise.all([...children].map((child) => reach(child, reached)))
}

/**
 * A component has no id, and neither has the bare reference that an output of another process contains: for them it is
 * enough to be registered.
 * @param {Resource} resource
 */
async function exists(resource) {
  const { isKnown } = await outputState(pulumi.CustomResource.isInstance(resource) && resource.id ? resource.id : resource.urn)
  return isKnown
}

module.exports = { allExist, callDependencies }
