// @ts-check
'use strict'

const { binding } = require('./binding')
const { errorOf, orExhausted } = require('./errors')
const { NearCache, currentEpoch, isDefaultScope, keyOf } = require('./near-cache')
const { isFailure, nativeClient } = require('./native-client')
const { rejectingLater, nextSlot } = require('./call-pacing')
const { isAcquisitionObserved } = require('./observers')
const { isBag, optionOf, withoutPrototype } = require('./input-values')
const { explanationOf, fromMemory, resultOf } = require('./results')

/**
 * @typedef {import('../index').GetClientTokenResult} Result
 * @typedef {ReturnType<typeof import('./arguments').checkedOptions>} Options
 * @typedef {import('./native-client').Configuration} Configuration
 */

/** js/arguments.js. The first call that has more than an endpoint loads it. @type {typeof import('./arguments') | undefined} */
let loadedChecks

/**
 * Gets tokens for one login context, whose settings were resolved when it was created.
 */
class TokenClient {
  #native
  /** The native options of a call without options. */
  #defaultOptions
  /** Tokens requested by an endpoint alone, or by one `/.default` scope alone. */
  #byEndpoint = new NearCache()
  /** Tokens requested in any other way. */
  #byOptions = new NearCache()

  /**
   * @param {Configuration} configuration
   * @param {ReturnType<typeof nativeClient>} [made]
   * @throws {import('./errors').ConfigurationError} if a setting is missing or malformed
   */
  constructor(configuration, made = nativeClient(configuration)) {
    if (isFailure(made)) throw errorOf(made)
    this.#native = made
    this.#defaultOptions = withoutPrototype({ client: made })
  }

  /**
   * Does the same, but returns a failure instead of throwing it: see `rejectingLater`.
   * @param {Configuration} configuration
   * @returns {TokenClient | import('./native').NativeFailure}
   */
  static from(configuration) {
    const made = nativeClient(configuration)
    return isFailure(made) ? made : new TokenClient(configuration, made)
  }

  /**
   * Returns the cached token, without a promise. undefined: the caller must call `getClientToken`.
   * @param {unknown} args
   * @param {unknown} opts
   */
  cachedToken(args, opts) {
    const key = endpointKey(args, opts)
    return key === undefined ? undefined : this.#byEndpoint.get(key)
  }

  /**
   * Does the same for scopes. Also returns undefined for several scopes, or for one that does not end with `/.default`.
   * @param {string | string[]} scopes
   */
  cachedTokenForScopes(scopes) {
    return typeof scopes === 'string' && isDefaultScope(scopes) ? this.#byEndpoint.get(scopes) : undefined
  }

  /**
   * Not an async function, like most of the following ones: an async function allocates more objects, and a thousand calls
   * at once block the event loop for as long as their objects take to be allocated and collected.
   * @param {unknown} [args]
   * @param {unknown} [opts]
   * @returns {Promise<Result>}
   * @throws {TypeError} or the signal's reason; its callers are async functions, which reject with it
   */
  getClientToken(args, opts) {
    const key = endpointKey(args, opts)
    if (key === undefined) return this.#getWithOptions(args, opts)
    const cached = this.#byEndpoint.get(key)
    if (cached !== undefined) return Promise.resolve(cached)
    return this.#byEndpoint.shared(key) ?? this.#byEndpoint.share(key, rejectingLater(() => this.#acquire(this.#byEndpoint, key, key)))
  }

  /**
   * @param {unknown} args
   * @param {unknown} opts
   * @returns {Promise<Result>}
   */
  #getWithOptions(args, opts) {
    const { checkedArgs, checkedOptions } = checks()
    return this.#get(checkedArgs(args), checkedOptions(opts))
  }

  /**
   * Returns the token for one scope, without the checks of a call that may have any options.
   * @param {string} scope
   */
  getTokenForScope(scope) {
    return this.#get(undefined, withoutPrototype({ scopes: [scope] }))
  }

  /**
   * @param {string | undefined} endpoint
   * @param {Options} options
   * @returns {Promise<Result>}
   */
  #get(endpoint, options) {
    const { signal, timeout, forceRefresh } = options
    signal?.throwIfAborted()
    const { cache, key } = this.#cacheAndKey(endpoint, options)
    const cached = forceRefresh ? undefined : cache.get(key)
    if (cached !== undefined) return Promise.resolve(cached)
    // A call that may end early (signal, timeout) or must get a new token (forceRefresh) is not shared with other calls.
    if (signal || timeout || forceRefresh) return rejectingLater(() => this.#acquire(cache, key, endpoint, options))
    return cache.shared(key) ?? cache.share(key, rejectingLater(() => this.#acquire(cache, key, endpoint, options)))
  }

  /**
   * Returns the ids of the login context.
   * @param {unknown} [opts]
   * @returns {Promise<import('../index').GetClientConfigResult>}
   */
  getClientConfig(opts) {
    const options = checks().checkedOptions(opts)
    return rejectingLater(() => this.#config(options))
  }

  /**
   * @param {Options} options
   * @returns {Promise<import('../index').GetClientConfigResult>}
   */
  async #config(options) {
    const outcome = await this.#call(options, (native) => binding().getClientConfig(native))
    if (outcome.kind !== 'config') throw unexpected(outcome)
    const { clientId, objectId, subscriptionId, tenantId } = outcome
    return Object.freeze({ clientId, objectId, subscriptionId, tenantId })
  }

  /** A container registry's own token, exchanged for a token of Entra ID. Only the command uses it: it is no part of the public contract. @param {string} registry its host @param {{ timeout?: number }} [options] */
  async registryToken(registry, { timeout } = {}) {
    const outcome = await this.#call({ timeout }, (native) => binding().getClientToken(withoutPrototype({ registry }), native))
    if (outcome.kind !== 'token') throw unexpected(outcome)
    return resultOf(outcome)
  }

  /** Deletes the token that a store keeps; with `meant`, only if it is that token. Only the command uses it. @param {{ endpoint?: string, registry?: string }} args @param {{ meant?: string, tenantId?: string }} [options] */
  async forget(args, { meant, tenantId } = {}) {
    await this.#call({ tenantId }, (native) => binding().forgetToken(withoutPrototype(args), meant, native))
  }

  /**
   * Explains which credential gives the tokens, or why there is none.
   * @param {string | undefined} endpoint
   * @param {Options} options
   * @returns {Promise<import('../index').Explanation>}
   */
  explain(endpoint, options) {
    return rejectingLater(() => this.#explanation(endpoint, options))
  }

  /**
   * @param {string | undefined} endpoint
   * @param {Options} options
   * @returns {Promise<import('../index').Explanation>}
   */
  async #explanation(endpoint, options) {
    const outcome = await this.#call(options, (native) => binding().explain(withoutPrototype({ endpoint }), native))
    if (outcome.kind !== 'explanation') throw unexpected(outcome)
    return explanationOf(outcome)
  }

  /**
   * @param {Options} options
   * @param {(options: import('../binding').NativeOptions) => Promise<import('./native').NativeOutcome>} call
   */
  async #call(options, call) {
    return answered(await this.#outcome(options, call), options.signal)
  }

  /**
   * @param {Options} options
   * @param {(options: import('../binding').NativeOptions) => Promise<import('./native').NativeOutcome>} call
   * @param {number} [waited]
   */
  #outcome({ signal, timeout, scopes, tenantId, claims, enableCae, forceRefresh }, call, waited) {
    const native = { client: this.#native, timeout, scopes, tenantId, claims, enableCae, forceRefresh, waited }
    if (signal === undefined) return call(withoutPrototype(native))
    return orExhausted(() => require('./abort')).cancellable(signal, (cancellation) => call(withoutPrototype({ ...native, cancellation })))
  }

  /**
   * Returns the near cache and the key of a request.
   * @param {string | undefined} endpoint
   * @param {Options} options
   * @returns {{ cache: NearCache, key: string }}
   */
  #cacheAndKey(endpoint, { scopes, tenantId, claims, enableCae }) {
    const isPlain = tenantId === undefined && claims === undefined && enableCae === undefined
    if (isPlain && scopes === undefined) return { cache: this.#byEndpoint, key: endpoint ?? '' }
    if (isPlain && endpoint === undefined && scopes?.length === 1 && isDefaultScope(scopes[0])) {
      return { cache: this.#byEndpoint, key: scopes[0] }
    }
    const inOrder = scopes !== undefined && scopes.length > 1 ? [...scopes].sort() : scopes
    return { cache: this.#byOptions, key: keyOf([endpoint, tenantId, claims, enableCae, inOrder?.length, ...(inOrder ?? [])]) }
  }

  /**
   * @param {NearCache} cache
   * @param {string} key
   * @param {string | undefined} endpoint
   * @param {Options} [options]
   */
  #acquire(cache, key, endpoint, options) {
    if (!isAcquisitionObserved()) return this.#ask(cache, key, endpoint, options)
    const { acquisition, observed } = orExhausted(() => require('./diagnostics'))
    return observed(acquisition(endpoint, options, cache.isDue(key)), (publish) => this.#ask(cache, key, endpoint, options, publish))
  }

  /**
   * @param {NearCache} cache
   * @param {string} key
   * @param {string | undefined} endpoint
   * @param {Options} [options]
   * @param {(outcome: import('./native').NativeToken) => void} [publish]
   */
  async #ask(cache, key, endpoint, options, publish) {
    const since = currentEpoch()
    try {
      const slot = nextSlot()
      const waited = slot && (await slot)
      const outcome = answered(await this.#answer(endpoint, options, waited), options?.signal)
      if (outcome.kind !== 'token') throw unexpected(outcome)
      publish?.(outcome)
      const result = resultOf(outcome)
      cache.keep(key, fromMemory(result), outcome.lease, since)
      return result
    } finally {
      cache.end(key, since)
    }
  }

  /**
   * @param {string | undefined} endpoint
   * @param {Options} [options]
   * @param {number} [waited] for how many milliseconds the call has waited
   * @returns {Promise<import('./native').NativeOutcome>}
   */
  #answer(endpoint, options, waited) {
    if (options === undefined) return binding().getClientToken(withoutPrototype({ endpoint }), this.#defaultOptions)
    return this.#outcome(options, (native) => binding().getClientToken(withoutPrototype({ endpoint }), native), waited)
  }
}

function checks() {
  return (loadedChecks ??= orExhausted(() => require('./arguments')))
}

/**
 * Returns the outcome of a successful call. Throws the error of a failed one, and the signal's reason for an aborted one.
 * @param {import('./native').NativeOutcome} outcome
 * @param {AbortSignal} [signal]
 */
function answered(outcome, signal) {
  if (outcome.kind === 'failure') throw errorOf(outcome)
  if (outcome.kind === 'cancelled') throw signal?.reason
  return outcome
}

/**
 * Returns the cache key of a call with an endpoint alone: the endpoint, or '' for the default one. Returns undefined for any
 * other call, and for arguments of a wrong type.
 * @param {unknown} args
 * @param {unknown} opts
 */
function endpointKey(args, opts) {
  if (opts !== undefined && opts !== null) return undefined
  if (args === undefined || args === null) return ''
  if (typeof args !== 'object' || Array.isArray(args)) return undefined
  const endpoint = optionOf(args, 'endpoint')
  if (endpoint === undefined || endpoint === null) return isBag(args) ? '' : undefined
  return typeof endpoint === 'string' ? endpoint : undefined
}

/** @param {{ kind: string }} outcome */
function unexpected({ kind }) {
  return new Error(`native code answered with the unexpected kind ${kind}; this is a defect of azure-client-token`)
}

module.exports = { TokenClient }
