// @ts-check
'use strict'

// The current login context, and those of credentials by hand.

// Loaded before anything can fail: at that time there may be no descriptor left to read a file with.
const { ConfigurationError, configurationError, orExhausted } = require('./errors')
const { optionOf, scopesOf, withoutPrototype } = require('./values')

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
    const { TokenClient } = orExhausted(() => require('./client'))
    const { environmentSnapshot } = orExhausted(() => require('./environment'))
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
 * What leads to a client's tokens, or to the current login context's, or keeps them from coming. Settings that are no
 * use are a part of that: no client can be made of them.
 * @param {unknown} [args]
 * @param {unknown} [opts]
 * @param {import('./client').TokenClient} [own]
 * @returns {Promise<import('../index').Explanation>}
 */
async function explainLogin(args, opts, own) {
  const { checkedArgs, checkedOptions } = orExhausted(() => require('./arguments'))
  const endpoint = checkedArgs(args)
  const options = checkedOptions(opts)
  options.signal?.throwIfAborted()
  try {
    own ??= defaultClient()
  } catch (error) {
    if (error instanceof ConfigurationError) return uselessSettings(error)
    throw error
  }
  return own.explain(endpoint, options)
}

/**
 * @param {import('./errors').ConfigurationError} error
 * @returns {import('../index').Explanation}
 */
function uselessSettings({ message, settings }) {
  const { environmentSnapshot } = require('./environment')
  const considered = native().consideredSources(withoutPrototype({ environment: environmentSnapshot() }))
  const error = { code: /** @type {const} */ ('ERR_CONFIGURATION'), message, settings }
  return Object.freeze({ scopes: [], ...considered, attempts: [], error })
}

function native() {
  binding ??= orExhausted(() => require('./binding')).binding
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
    const asked = scopesOf(scopes, 'scopes')
    const said = saidBy(options)
    const held = said === undefined ? (this.#own ?? client)?.heldScope(asked) : undefined
    if (held !== undefined) return held
    return withSignal(said?.abortSignal, (signal) => this.#client().getClientToken({}, { ...said, scopes: asked, signal }))
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
    return explainLogin(args, opts, this.#own)
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
  const { TokenClient } = orExhausted(() => require('./client'))
  const { environmentSnapshot } = orExhausted(() => require('./environment'))
  const { readOptions, namedVariables, startsPrograms } = orExhausted(() => require('./options'))
  const { native, onLog } = readOptions(options)
  const environment = environmentSnapshot(namedVariables(native), startsPrograms(native))
  return new TokenClient({ environment, options: native, onLog })
}

/**
 * What the options say; nothing where they say nothing, as those of Azure's SDK clients mostly do.
 * @param {import('../index').GetTokenOptions | null} [options]
 */
function saidBy(options) {
  if (options === undefined || options === null) return undefined
  const abortSignal = optionOf(options, 'abortSignal')
  const requestOptions = optionOf(options, 'requestOptions')
  const timeout = requestOptions == null ? undefined : optionOf(Object(requestOptions), 'timeout') || undefined
  const claims = optionOf(options, 'claims')
  const enableCae = optionOf(options, 'enableCae')
  const tenantId = optionOf(options, 'tenantId')
  if (optionOf(options, 'proofOfPossessionOptions') != null) throw unsupportedProof()
  const isSilent = (abortSignal ?? timeout ?? claims ?? enableCae ?? tenantId) == null
  return isSilent ? undefined : { abortSignal: /** @type {any} */ (abortSignal), timeout, claims, enableCae, tenantId }
}

function unsupportedProof() {
  const message = 'proof-of-possession tokens are not supported: the tokens of this package are bearer tokens'
  return configurationError(message, ['proofOfPossessionOptions'])
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

module.exports = { ClientTokenCredential, defaultClient, explainLogin, heldToken, forgetDefaultClient }
