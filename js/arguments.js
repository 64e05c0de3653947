// @ts-check
'use strict'

const { TIMEOUT, bagOf, counted, isTimeout, optionOf, scopesOf, wrongType } = require('./input-values')

/**
 * Returns the endpoint.
 * @param {unknown} args
 * @returns {string | undefined}
 */
function checkedArgs(args) {
  const endpoint = optionOf(bagOf(args, 'args'), 'endpoint')
  return endpoint == null ? undefined : right(endpoint, 'args.endpoint', isString, 'a string')
}

/**
 * @param {unknown} opts
 * @returns {{ signal?: AbortSignal, timeout?: number, scopes?: string[], tenantId?: string, claims?: string,
 *   enableCae?: boolean, forceRefresh?: boolean }}
 */
function checkedOptions(opts) {
  const bag = bagOf(opts, 'opts')
  const { provider, parent, signal, timeout, scopes, tenantId, claims, enableCae, forceRefresh } = bag
  if (provider != null || parent != null) refuseProvider(counted(bag, 'provider', provider), counted(bag, 'parent', parent))
  // Only options that are set cost time: programs that make a thousand calls at once pass one option to each.
  return {
    signal: signal == null ? undefined : checked(bag, 'signal', signal, isSignal, 'an AbortSignal'),
    timeout: timeout == null ? undefined : wholeMilliseconds(checked(bag, 'timeout', timeout, isTimeout, TIMEOUT)),
    scopes: scopes == null ? undefined : checkedScopes(counted(bag, 'scopes', scopes)),
    tenantId: tenantId == null ? undefined : checked(bag, 'tenantId', tenantId, isString, 'a string'),
    claims: claims == null ? undefined : checked(bag, 'claims', claims, isString, 'a string'),
    enableCae: enableCae == null ? undefined : checked(bag, 'enableCae', enableCae, isBoolean, 'a boolean'),
    forceRefresh: forceRefresh == null ? undefined : checked(bag, 'forceRefresh', forceRefresh, isBoolean, 'a boolean'),
  }
}

/**
 * @template T
 * @param {object} bag
 * @param {string} name
 * @param {unknown} value what was read of the option
 * @param {(value: unknown) => value is T} isRight
 * @param {string} expected
 */
function checked(bag, name, value, isRight, expected) {
  const own = counted(bag, name, value)
  return own === undefined ? undefined : right(own, `opts.${name}`, isRight, expected)
}

/**
 * Throws for a Pulumi provider, because its identity must never be silently replaced by another one.
 * @param {unknown} provider
 * @param {unknown} parent
 */
function refuseProvider(provider, parent) {
  const named = provider != null ? 'opts.provider' : hasProvider(parent) ? 'opts.parent' : undefined
  if (named === undefined) return
  throw require('./errors').configurationError(
    `${named} names a Pulumi provider, whose settings only the entry for Pulumi programs can read: import { getClientToken } from "azure-client-token/pulumi"`,
    [named],
    'pulumi',
  )
}

/**
 * Where `@pulumi/pulumi` keeps the providers that a resource passes to its children, by package.
 * @param {unknown} parent
 */
function hasProvider(parent) {
  if (typeof parent !== 'object' || parent === null) return false
  const { __providers: providers } = /** @type {Record<string, unknown>} */ (parent)
  return typeof providers === 'object' && providers !== null && 'azure-native' in providers
}

/**
 * @template T
 * @param {unknown} value
 * @param {string} name
 * @param {(value: unknown) => value is T} isRight
 * @param {string} expected
 */
function right(value, name, isRight, expected) {
  if (!isRight(value)) throw wrongType(name, expected, value)
  return value
}

/** @param {unknown} value */
function checkedScopes(value) {
  if (value === undefined) return undefined
  const scopes = scopesOf(value, 'opts.scopes')
  return typeof scopes === 'string' ? [scopes] : scopes
}

/** @param {number | undefined} timeout */
const wholeMilliseconds = (timeout) => (timeout === undefined ? undefined : Math.ceil(timeout))
/** @param {unknown} value @returns {value is string} */
const isString = (value) => typeof value === 'string'
/** @param {unknown} value @returns {value is boolean} */
const isBoolean = (value) => typeof value === 'boolean'
/** @param {unknown} value @returns {value is AbortSignal} */
const isSignal = (value) => value instanceof AbortSignal

module.exports = { checkedArgs, checkedOptions }
