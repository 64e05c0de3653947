// @ts-check
'use strict'

const { binding } = require('./binding')
const { errorOf, orExhausted } = require('./errors')
const { NearCache, currentEpoch, isDefaultScope, keyOf } = require('./near-cache')
const { apart, nextSlot } = require('./call-pacing')
const { isAcquisitionObserved } = require('./observers')
const { isBag, optionOf, withoutPrototype } = require('./values')

/**
 * @typedef {import('../index').GetClientTokenResult} Result
 * @typedef {ReturnType<typeof import('./arguments').checkedOptions>} Options
 */

/** Loaded by the first call that has more to say than an endpoint. @type {typeof import('./arguments') | undefined} */
let loadedChecks

/**
 * What a login context is made of: the environment; for a Pulumi provider's also `credential: 'pulumi'` and its
 * configuration, the keys that are present without `azure-native:`; for an explicit credential its options.
 * @typedef {object} Configuration
 * @property {Record<string, string>} environment
 * @property {'pulumi'} [credential]
 * @property {Record<string, string>} [config]
 * @property {'stack' | 'provider'} [configSource]
 * @property {import('../binding').NativeCredentialOptions} [options]
 * @property {boolean} [keepsOnMachine] whether tokens are kept on the machine where nothing is said
 * @property {(entry: import('../index').LogEntry) => void} [onLog]
 */

/**
 * A login context whose settings are decided, and the tokens it gets.
 */
class TokenClient {
  #native
  /** How a call is made that has no options. */
  #plainly
  /** What is asked for by nothing but an endpoint, which may be its scope. */
  #endpoints = new NearCache()
  /** What is asked for in any other way. */
  #details = new NearCache()

  /**
   * @param {Configuration} configuration
   * @param {ReturnType<typeof nativeClient>} [made]
   * @throws {import('./errors').ConfigurationError} if a setting is missing or malformed
   */
  constructor(configuration, made = nativeClient(configuration)) {
    if (isFailure(made)) throw errorOf(made)
    this.#native = made
    this.#plainly = withoutPrototype({ client: made })
  }

  /**
   * The same without a `throw`: see `apart`.
   * @param {Configuration} configuration
   * @returns {TokenClient | import('./native').NativeFailure}
   */
  static from(configuration) {
    const made = nativeClient(configuration)
    return isFailure(made) ? made : new TokenClient(configuration, made)
  }

  /**
   * The token within reach, without a promise; nothing: `getClientToken` has to be called.
   * @param {unknown} args
   * @param {unknown} opts
   */
  heldToken(args, opts) {
    const key = plainKey(args, opts)
    return key === undefined ? undefined : this.#endpoints.held(key)
  }

  /**
   * The same for a scope; nothing also where several are asked for, or one that an endpoint does not stand for.
   * @param {string | string[]} scopes
   */
  heldScope(scopes) {
    return typeof scopes === 'string' && isDefaultScope(scopes) ? this.#endpoints.held(scopes) : undefined
  }

  /**
   * No async function, like most of what follows: a thousand calls at once hold the event loop for as long as their
   * objects take to be made, and to be moved by the collector.
   * @param {unknown} [args]
   * @param {unknown} [opts]
   * @returns {Promise<Result>}
   * @throws {TypeError} and the signal's reason: those who call it are async functions
   */
  getClientToken(args, opts) {
    const key = plainKey(args, opts)
    if (key === undefined) return this.#getInDetail(args, opts)
    const held = this.#endpoints.held(key)
    if (held !== undefined) return Promise.resolve(held)
    return this.#endpoints.shared(key) ?? this.#endpoints.share(key, apart(() => this.#acquire(this.#endpoints, key, key)))
  }

  /**
   * @param {unknown} args
   * @param {unknown} opts
   * @returns {Promise<Result>}
   */
  #getInDetail(args, opts) {
    const { checkedArgs, checkedOptions } = checks()
    const endpoint = checkedArgs(args)
    const options = checkedOptions(opts)
    const { signal, timeout, forceRefresh } = options
    signal?.throwIfAborted()
    const { cache, key } = this.#place(endpoint, options)
    const held = forceRefresh ? undefined : cache.held(key)
    if (held !== undefined) return Promise.resolve(held)
    // A call that can end early, or must not be answered by an earlier one, goes alone.
    if (signal || timeout || forceRefresh) return apart(() => this.#acquire(cache, key, endpoint, options))
    return cache.shared(key) ?? cache.share(key, apart(() => this.#acquire(cache, key, endpoint, options)))
  }

  /** Who the login context is. @param {unknown} [opts] @returns {Promise<import('../index').GetClientConfigResult>} */
  getClientConfig(opts) {
    const options = checks().checkedOptions(opts)
    return apart(() => this.#config(options))
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

  /** A container registry's own token, which is exchanged for one of Entra ID. For the command: no part of the contract. @param {string} registry its host */
  async registryToken(registry) {
    const outcome = await this.#call({}, (native) => binding().getClientToken(withoutPrototype({ registry }), native))
    if (outcome.kind !== 'token') throw unexpected(outcome)
    return resultOf(outcome)
  }

  /** Deletes what a store has kept, or only `meant`. For the command. @param {{ endpoint?: string, registry?: string }} args @param {{ meant?: string, tenantId?: string }} [options] */
  async forget(args, { meant, tenantId } = {}) {
    await this.#call({ tenantId }, (native) => binding().forgetToken(withoutPrototype(args), meant, native))
  }

  /**
   * What leads to its tokens, or keeps them from coming.
   * @param {string | undefined} endpoint
   * @param {Options} options
   * @returns {Promise<import('../index').Explanation>}
   */
  explain(endpoint, options) {
    return apart(() => this.#explanation(endpoint, options))
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
   */
  #outcome({ signal, timeout, scopes, tenantId, claims, enableCae, forceRefresh }, call) {
    const native = { client: this.#native, timeout, scopes, tenantId, claims, enableCae, forceRefresh }
    if (signal === undefined) return call(withoutPrototype(native))
    return orExhausted(() => require('./abort')).watched(signal, (cancellation) => call(withoutPrototype({ ...native, cancellation })))
  }

  /**
   * Where a token that is asked for in this way is within reach.
   * @param {string | undefined} endpoint
   * @param {Options} options
   * @returns {{ cache: NearCache, key: string }}
   */
  #place(endpoint, { scopes, tenantId, claims, enableCae }) {
    const isPlain = tenantId === undefined && claims === undefined && enableCae === undefined
    if (isPlain && scopes === undefined) return { cache: this.#endpoints, key: endpoint ?? '' }
    if (isPlain && endpoint === undefined && scopes?.length === 1 && isDefaultScope(scopes[0])) {
      return { cache: this.#endpoints, key: scopes[0] }
    }
    const inOrder = scopes !== undefined && scopes.length > 1 ? [...scopes].sort() : scopes
    return { cache: this.#details, key: keyOf([endpoint, tenantId, claims, enableCae, inOrder?.length, ...(inOrder ?? [])]) }
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
    return observed(acquisition(endpoint, options, cache.isDue(key)), (tell) => this.#ask(cache, key, endpoint, options, tell))
  }

  /**
   * @param {NearCache} cache
   * @param {string} key
   * @param {string | undefined} endpoint
   * @param {Options} [options]
   * @param {(outcome: import('./native').NativeToken) => void} [tell]
   */
  async #ask(cache, key, endpoint, options, tell) {
    const since = currentEpoch()
    try {
      const turn = nextSlot()
      if (turn !== undefined) await turn
      const outcome = answered(await this.#answer(endpoint, options), options?.signal)
      if (outcome.kind !== 'token') throw unexpected(outcome)
      tell?.(outcome)
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
   * @returns {Promise<import('./native').NativeOutcome>}
   */
  #answer(endpoint, options) {
    if (options === undefined) return binding().getClientToken(withoutPrototype({ endpoint }), this.#plainly)
    return this.#outcome(options, (native) => binding().getClientToken(withoutPrototype({ endpoint }), native))
  }
}

function checks() {
  return (loadedChecks ??= orExhausted(() => require('./arguments')))
}

/**
 * An outcome that is an answer; any other one is thrown as what it means.
 * @param {import('./native').NativeOutcome} outcome
 * @param {AbortSignal} [signal]
 */
function answered(outcome, signal) {
  if (outcome.kind === 'failure') throw errorOf(outcome)
  if (outcome.kind === 'cancelled') throw signal?.reason
  return outcome
}

/** @param {Configuration} configuration */
function nativeClient(configuration) {
  const { credential, config = credential && {}, ...others } = withoutPrototype({ ...configuration })
  return binding().createClient(withLog(withoutPrototype({ ...others, config: config && withoutPrototype({ ...config }) })))
}

/**
 * @param {import('../binding').NativeClient | import('./native').NativeFailure} made
 * @returns {made is import('./native').NativeFailure}
 */
function isFailure(made) {
  return Object.hasOwn(made, 'kind')
}

/**
 * Native code hands a line over in parts.
 * @param {Configuration} configuration
 * @returns {import('../binding').NativeConfiguration}
 */
function withLog({ onLog, ...configuration }) {
  if (onLog === undefined) return withoutPrototype(configuration)
  /** @type {(level: string, message: string, timestamp: number) => void} */
  const receive = (level, message, timestamp) => {
    onLog(Object.freeze({ level: /** @type {import('../index').LogEntry['level']} */ (level), message, timestamp }))
  }
  return withoutPrototype({ ...configuration, onLog: receive })
}

/**
 * The endpoint of a call that says nothing else; the empty one is the default. Nothing for any other call, and for
 * arguments of a wrong type.
 * @param {unknown} args
 * @param {unknown} opts
 */
function plainKey(args, opts) {
  if (opts !== undefined && opts !== null) return undefined
  if (args === undefined || args === null) return ''
  if (typeof args !== 'object' || Array.isArray(args)) return undefined
  const endpoint = optionOf(args, 'endpoint')
  if (endpoint === undefined || endpoint === null) return isBag(args) ? '' : undefined
  return typeof endpoint === 'string' ? endpoint : undefined
}

/**
 * @param {import('./native').NativeToken} outcome
 * @returns {Result}
 */
function resultOf(outcome) {
  return Object.freeze({
    token: outcome.token,
    expiresOnTimestamp: outcome.expiresOnTimestamp,
    refreshAfterTimestamp: outcome.refreshAfterTimestamp ?? undefined,
    tokenType: /** @type {const} */ ('Bearer'),
    tenantId: outcome.tenantId ?? undefined,
    clientId: outcome.clientId ?? undefined,
    objectId: outcome.objectId ?? undefined,
    source: outcome.source,
    cachedIn: outcome.cachedIn ?? undefined,
  })
}

/**
 * The same for those who get it later.
 * @param {Result} result
 * @returns {Result}
 */
function fromMemory(result) {
  return result.cachedIn === 'memory' ? result : Object.freeze({ ...result, cachedIn: /** @type {const} */ ('memory') })
}

/**
 * @param {import('./native').NativeExplanation} explanation
 * @returns {import('../index').Explanation}
 */
function explanationOf(explanation) {
  const { source, cachedIn, scopes, considered, settings, attempts, error } = withoutPrototype(explanation)
  return Object.freeze({ source: source ?? undefined, cachedIn: cachedIn ?? undefined, scopes, considered, settings, attempts, error })
}

/** @param {{ kind: string }} outcome */
function unexpected({ kind }) {
  return new Error(`native code answered with the unexpected kind ${kind}; this is a defect of azure-client-token`)
}

module.exports = { TokenClient }
