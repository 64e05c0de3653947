// @ts-check
'use strict'

/** The longest time that a timer of Node.js can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1
const TIMEOUT = `a number of milliseconds from 1 to ${LONGEST_TIMEOUT}`

/**
 * The endpoint. Absent and null are the same, as in Pulumi; so they are of options.
 * @param {unknown} args
 * @returns {string | undefined}
 */
function checkedArgs(args) {
  const { endpoint } = checkedObject(args, 'args')
  return endpoint == null ? undefined : right(endpoint, 'args.endpoint', isString, 'a string')
}

/**
 * @param {unknown} opts
 * @returns {{ signal?: AbortSignal, timeout?: number, scopes?: string[], tenantId?: string, claims?: string,
 *   enableCae?: boolean, forceRefresh?: boolean }}
 */
function checkedOptions(opts) {
  const { provider, parent, signal, timeout, scopes, tenantId, claims, enableCae, forceRefresh } = checkedObject(opts, 'opts')
  if (provider != null || parent != null) refuseProvider(provider, parent)
  // What is absent costs no call: programs that make a thousand calls at once give each of them one option.
  return {
    signal: signal == null ? undefined : right(signal, 'opts.signal', isSignal, 'an AbortSignal'),
    timeout: timeout == null ? undefined : Math.ceil(right(timeout, 'opts.timeout', isTimeout, TIMEOUT)),
    scopes: scopes == null ? undefined : asList(right(scopes, 'opts.scopes', isScopes, 'a string or an array of strings')),
    tenantId: tenantId == null ? undefined : right(tenantId, 'opts.tenantId', isString, 'a string'),
    claims: claims == null ? undefined : right(claims, 'opts.claims', isString, 'a string'),
    enableCae: enableCae == null ? undefined : right(enableCae, 'opts.enableCae', isBoolean, 'a boolean'),
    forceRefresh: forceRefresh == null ? undefined : right(forceRefresh, 'opts.forceRefresh', isBoolean, 'a boolean'),
  }
}

/**
 * The identity of a Pulumi provider is never silently replaced by another one.
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
 * Where `@pulumi/pulumi` keeps the providers that a resource hands down to its children, by package.
 * @param {unknown} parent
 */
function hasProvider(parent) {
  if (typeof parent !== 'object' || parent === null) return false
  const { __providers: providers } = /** @type {Record<string, unknown>} */ (parent)
  return typeof providers === 'object' && providers !== null && 'azure-native' in providers
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
function checkedObject(value, name) {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(name, 'an object', value)
  return /** @type {Record<string, unknown>} */ (value)
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

/**
 * The type of what was given is named, never the value: it may be a secret in the wrong place.
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function wrongType(name, expected, value) {
  const given = Array.isArray(value) ? 'an array' : typeof value
  return new TypeError(`${name} must be ${expected}; it is ${given === 'object' ? 'an object' : given}`)
}

/** @param {string | string[]} scopes */
const asList = (scopes) => (typeof scopes === 'string' ? [scopes] : scopes)
/** @param {unknown} value @returns {value is string} */
const isString = (value) => typeof value === 'string'
/** @param {unknown} value @returns {value is boolean} */
const isBoolean = (value) => typeof value === 'boolean'
/** @param {unknown} value @returns {value is AbortSignal} */
const isSignal = (value) => value instanceof AbortSignal
/** @param {unknown} value @returns {value is number} */
const isTimeout = (value) => typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT
/** @param {unknown} value @returns {value is string | string[]} */
const isScopes = (value) => isString(value) || (Array.isArray(value) && value.every(isString))

module.exports = { checkedArgs, checkedOptions }
