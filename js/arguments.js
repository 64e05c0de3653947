// @ts-check
'use strict'

/** The longest time that a timer of Node.js can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/**
 * @param {unknown} args
 * @returns {{ endpoint?: string }}
 */
function checkedArgs(args) {
  const { endpoint } = checkedObject(args, 'args')
  return { endpoint: optional(endpoint, 'args.endpoint', isString, 'a string') }
}

/**
 * @param {unknown} opts
 * @returns {{ signal?: AbortSignal, timeout?: number, scopes?: string[], tenantId?: string, claims?: string,
 *   enableCae?: boolean, forceRefresh?: boolean }}
 */
function checkedOptions(opts) {
  const options = checkedObject(opts, 'opts')
  refuseProvider(options)
  const scopes = optional(options.scopes, 'opts.scopes', isScopes, 'a string or an array of strings')
  return {
    signal: optional(options.signal, 'opts.signal', isSignal, 'an AbortSignal'),
    timeout: checkedTimeout(options.timeout),
    scopes: typeof scopes === 'string' ? [scopes] : scopes,
    tenantId: optional(options.tenantId, 'opts.tenantId', isString, 'a string'),
    claims: optional(options.claims, 'opts.claims', isString, 'a string'),
    enableCae: optional(options.enableCae, 'opts.enableCae', isBoolean, 'a boolean'),
    forceRefresh: optional(options.forceRefresh, 'opts.forceRefresh', isBoolean, 'a boolean'),
  }
}

/** @param {unknown} value */
function checkedTimeout(value) {
  const timeout = optional(value, 'opts.timeout', isTimeout, `a number of milliseconds from 1 to ${LONGEST_TIMEOUT}`)
  return timeout === undefined ? undefined : Math.ceil(timeout)
}

/**
 * The identity of a Pulumi provider is never silently replaced by another one.
 * @param {Record<string, unknown>} options
 */
function refuseProvider({ provider, parent }) {
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
 * Absent and null are the same, as in Pulumi.
 * @template T
 * @param {unknown} value
 * @param {string} name
 * @param {(value: unknown) => value is T} isRight
 * @param {string} expected
 * @returns {T | undefined}
 */
function optional(value, name, isRight, expected) {
  if (value === undefined || value === null) return undefined
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
