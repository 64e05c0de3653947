// @ts-check
'use strict'

// The current login context, and those of credentials by hand.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers')

/** The main entry puts those in their place that it has found when the package was loaded. */
const timers = { clearTimeout, setImmediate, setTimeout }

/** Loaded by the first call: a program that makes none pays for no file of it. @type {typeof import('./binding').binding} */
let binding

/** @type {import('./client').TokenClient | undefined} */
let client

/** The cache's generation when the settings were read: another thread may have cleared it since. */
let generation = 0

/**
 * The client of the current login context. Its settings are read at the first call and kept, like the provider's;
 * settings that are no use are not kept, so that the next call reads them again.
 */
function defaultClient() {
  const current = native().cacheGeneration()
  if (client === undefined || generation !== current) {
    const { TokenClient } = require('./client')
    const { environmentSnapshot } = require('./environment')
    client = undefined
    client = new TokenClient({ environment: environmentSnapshot() })
    generation = current
  }
  return client
}

/**
 * The token that the current login context has within reach, if any.
 * @param {unknown} args
 * @param {unknown} opts
 */
function heldToken(args, opts) {
  return client?.heldToken(args, opts)
}

/**
 * What leads to the current login context's tokens, or keeps them from coming. Settings that are no use are a part of
 * that: no client can be made of them.
 * @param {unknown} [args]
 * @param {unknown} [opts]
 * @returns {Promise<import('../index').Explanation>}
 */
async function explainLogin(args, opts) {
  const { checkedArgs, checkedOptions } = require('./arguments')
  const { ConfigurationError } = require('./errors')
  checkedArgs(args)
  checkedOptions(opts).signal?.throwIfAborted()
  try {
    defaultClient()
  } catch (error) {
    if (error instanceof ConfigurationError) return uselessSettings(error)
    throw error
  }
  return defaultClient().explain(args, opts)
}

/**
 * @param {import('./errors').ConfigurationError} error
 * @returns {import('../index').Explanation}
 */
function uselessSettings({ message, settings }) {
  const { environmentSnapshot } = require('./environment')
  const considered = native().consideredSources({ environment: environmentSnapshot() })
  const error = { code: /** @type {const} */ ('ERR_CONFIGURATION'), message, settings }
  return Object.freeze({ scopes: [], ...considered, attempts: [], error })
}

function native() {
  binding ??= require('./binding').binding
  return binding()
}

/** The next call reads the settings again. */
function forgetDefaultClient() {
  client = undefined
}

/**
 * A TokenCredential of `@azure/core-auth`: settings of its own, or without options the current login context.
 */
class ClientTokenCredential {
  /** @type {import('./client').TokenClient | undefined} without one of its own: the current login context's */
  #own

  /** @param {import('../index').ClientTokenOptions} [options] */
  constructor(options) {
    this.#own = options === undefined || options === null ? undefined : clientOf(options)
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../index').GetTokenOptions} [options]
   */
  async getToken(scopes, options) {
    if (scopes === undefined || scopes === null) throw new TypeError('scopes must be a string or an array of strings')
    const held = saysNothing(options) ? (this.#own ?? client)?.heldScope(scopes) : undefined
    if (held !== undefined) return held
    const { abortSignal, requestOptions, claims, enableCae, tenantId, ...others } = options ?? {}
    refuseProofOfPossession(others)
    const call = { scopes, claims, enableCae, tenantId, timeout: requestOptions?.timeout || undefined }
    return withSignal(abortSignal, (signal) => this.#client().getClientToken({}, { ...call, signal }))
  }

  /**
   * @param {import('../index').GetClientTokenArgs | null} [args]
   * @param {import('../index').GetClientTokenOptions | null} [opts]
   */
  async getClientToken(args, opts) {
    return (this.#own === undefined ? heldToken(args, opts) : undefined) ?? this.#client().getClientToken(args, opts)
  }

  /**
   * @param {import('../index').GetClientTokenArgs | null} [args]
   * @param {import('../index').GetClientTokenOptions | null} [opts]
   */
  async explain(args, opts) {
    return this.#own === undefined ? explainLogin(args, opts) : this.#own.explain(args, opts)
  }

  #client() {
    return this.#own ?? defaultClient()
  }
}

/**
 * What a credential by hand needs is loaded by the first one: most programs have none.
 * @param {import('../index').ClientTokenOptions} options
 */
function clientOf(options) {
  const { TokenClient } = require('./client')
  const { environmentSnapshot } = require('./environment')
  const { nativeOptions, namedVariables } = require('./options')
  const native = nativeOptions(options)
  return new TokenClient({ environment: environmentSnapshot(namedVariables(native)), options: native, onLog: options.onLog })
}

/**
 * Clients of Azure's SDKs hand options over that mostly say nothing.
 * @param {import('../index').GetTokenOptions & { proofOfPossessionOptions?: unknown } | null} [options]
 */
function saysNothing(options) {
  if (options === undefined || options === null) return true
  const { abortSignal, requestOptions, claims, enableCae, tenantId, proofOfPossessionOptions } = options
  return (
    abortSignal === undefined && requestOptions?.timeout === undefined && claims === undefined &&
    enableCae === undefined && tenantId === undefined && proofOfPossessionOptions === undefined
  )
}

/** @param {object} options */
function refuseProofOfPossession(options) {
  if (!('proofOfPossessionOptions' in options) || options.proofOfPossessionOptions == null) return
  const message = 'proof-of-possession tokens are not supported: the tokens of this package are bearer tokens'
  throw require('./errors').configurationError(message, ['proofOfPossessionOptions'])
}

/**
 * Azure SDK clients hand over anything that looks like a signal; what is none gets one that follows it.
 * @template T
 * @param {import('../index').AbortSignalLike | undefined} like
 * @param {(signal: AbortSignal | undefined) => Promise<T>} call
 */
async function withSignal(like, call) {
  if (like === undefined || like === null || like instanceof AbortSignal) return call(like ?? undefined)
  const controller = new AbortController()
  const follow = () => controller.abort(reasonOf(like))
  if (like.aborted) follow()
  like.addEventListener('abort', follow)
  try {
    return await call(controller.signal)
  } finally {
    like.removeEventListener('abort', follow)
  }
}

/**
 * Its own reason where it has one; otherwise an AbortError, which is what a controller makes of nothing.
 * @param {import('../index').AbortSignalLike} like
 */
function reasonOf(like) {
  return 'reason' in like ? like.reason : undefined
}

module.exports = { timers, ClientTokenCredential, defaultClient, explainLogin, heldToken, forgetDefaultClient }
