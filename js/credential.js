// @ts-check
'use strict'

// The current login context, and explicit credentials.

// Loaded before anything can fail: at that time there may be no descriptor left to read a file with.
const { configurationError, errorOf, orExhausted } = require('./errors')
const { apart, rejectedApart } = require('./call-pacing')
const { bagOf, counted, optionOf, printable, scopesOf, withoutPrototype } = require('./values')

/** Loaded by the first call: a program that makes none pays for no file of it. @type {typeof import('./binding').binding} */
let binding

/** @type {import('./client').TokenClient | undefined} */
let client

/** The cache's generation when the settings were read: another thread may have cleared it since. */
let generation = 0

/**
 * The client of the current login context. Its settings are read at the first call and kept, like the provider's;
 * settings that cannot be used are not kept, so that the next call reads them again. Of those it gives what native code
 * says.
 */
function defaultClient() {
  const current = native().cacheGeneration()
  if (client === undefined || generation !== current) {
    const { TokenClient } = orExhausted(() => require('./client'))
    const { environmentSnapshot } = orExhausted(() => require('./environment'))
    client = undefined
    const made = TokenClient.from({ environment: environmentSnapshot() })
    if (!(made instanceof TokenClient)) return made
    client = made
    generation = current
  }
  return client
}

/**
 * Asks the client of the current login context, or one of a credential's own.
 * @template T
 * @param {import('./client').TokenClient | undefined} own
 * @param {(client: import('./client').TokenClient) => Promise<T>} ask
 * @returns {Promise<T>}
 */
function asked(own, ask) {
  const current = own ?? defaultClient()
  return isFailure(current) ? rejectedWith(current) : ask(current)
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
 * @param {ReturnType<typeof import('./client').TokenClient.from>} [own]
 * @returns {Promise<import('../index').Explanation>}
 */
function explainLogin(args, opts, own) {
  const { checkedArgs, checkedOptions } = orExhausted(() => require('./arguments'))
  const endpoint = checkedArgs(args)
  const options = checkedOptions(opts)
  options.signal?.throwIfAborted()
  const current = own ?? defaultClient()
  return isFailure(current) ? Promise.resolve(uselessSettings(current)) : current.explain(endpoint, options)
}

/**
 * @param {import('./native').NativeFailure} failure
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

/**
 * How an entry rejects with what it has caught.
 * @param {unknown} error
 */
function rejected(error) {
  return rejectedApart(() => error)
}

/** @param {import('./native').NativeFailure} failure */
function rejectedWith(failure) {
  return rejectedApart(() => errorOf(failure))
}

/**
 * @param {import('./client').TokenClient | import('./native').NativeFailure} current
 * @returns {current is import('./native').NativeFailure}
 */
function isFailure(current) {
  return Object.hasOwn(current, 'kind')
}

/** The next call reads the settings again. */
function forgetDefaultClient() {
  client = undefined
}

/**
 * A TokenCredential of `@azure/core-auth`: settings of its own, or without options the current login context.
 */
class ClientTokenCredential {
  /** For token providers, which keep the tokens of others. */
  static keepsTokens = true

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
    try {
      const own = ClientTokenCredential.#ownOf(this, 'getToken')
      const asked = scopesOf(scopes, 'scopes')
      const said = saidBy(options)
      const held = said === undefined ? (own ?? client)?.heldScope(asked) : undefined
      return held ?? tokenOf(own, { ...said, abortSignal: said?.abortSignal, scopes: asked })
    } catch (error) {
      return rejected(error)
    }
  }

  /**
   * @param {import('../index').GetClientTokenArgs | null} [args]
   * @param {import('../index').GetClientTokenOptions | null} [opts]
   */
  async getClientToken(args, opts) {
    try {
      const own = ClientTokenCredential.#ownOf(this, 'getClientToken')
      return (own ?? client)?.heldToken(args, opts) ?? asked(own, (client) => client.getClientToken(args, opts))
    } catch (error) {
      return rejected(error)
    }
  }

  /**
   * @param {import('../index').GetClientTokenArgs | null} [args]
   * @param {import('../index').GetClientTokenOptions | null} [opts]
   */
  async explain(args, opts) {
    try {
      return explainLogin(args, opts, ClientTokenCredential.#ownOf(this, 'explain'))
    } catch (error) {
      return rejected(error)
    }
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../index').TokenListener} listener
   * @returns {import('../index').TokenWatch}
   */
  watch(scopes, listener) {
    const own = ClientTokenCredential.#ownOf(this, 'watch')
    const asked = scopesOf(scopes, 'scopes')
    const { watchToken } = orExhausted(() => require('./watch'))
    return watchToken(async (abortSignal) => tokenOf(own, { abortSignal, scopes: asked }), listener)
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../index').BearerTokenProviderOptions} [options]
   */
  getBearerTokenProvider(scopes, options) {
    ClientTokenCredential.#ownOf(this, 'getBearerTokenProvider')
    const { bearerTokenProvider } = orExhausted(() => require('./token-provider'))
    return bearerTokenProvider(this, scopes, options, () => this)
  }

  /**
   * @param {unknown} self
   * @param {string} method
   */
  static #ownOf(self, method) {
    if (typeof self !== 'object' || self === null || !(#own in self)) throw withoutCredential(method)
    return self.#own
  }
}

/**
 * @param {import('./client').TokenClient | undefined} own
 * @param {Partial<NonNullable<ReturnType<typeof saidBy>>> & { scopes: string | string[] }} call
 */
function tokenOf(own, { abortSignal, ...call }) {
  return withSignal(abortSignal, (signal) => asked(own, (client) => client.getClientToken({}, { ...call, signal })))
}

/** @param {string} method */
function withoutCredential(method) {
  const message = `${method} was called without its ClientTokenCredential. Call credential.${method}(…), or hand over (...given) => credential.${method}(...given).`
  return printable(new TypeError(message))
}

/**
 * The first explicit credential loads what it needs: most programs have none.
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

/** @typedef {import('../index').GetTokenOptions & { proofOfPossessionOptions?: unknown }} Said */

/**
 * What the options say; nothing where they say nothing, as those of Azure's SDK clients mostly do. Then no prototype has
 * to be looked at, which keeps a warm call as quick as one without options.
 * @param {import('../index').GetTokenOptions | null} [options]
 */
function saidBy(options) {
  if (options === undefined || options === null) return undefined
  const { abortSignal, requestOptions, claims, enableCae, tenantId, proofOfPossessionOptions } = /** @type {Said} */ (options)
  const timeout = timeoutOf(requestOptions)
  if ((abortSignal ?? timeout ?? claims ?? enableCae ?? tenantId ?? proofOfPossessionOptions) == null) return void bagOf(options, 'options')
  const own = (/** @type {string} */ name, /** @type {unknown} */ value) => value === undefined ? value : counted(options, name, value)
  if (own('proofOfPossessionOptions', proofOfPossessionOptions) != null) throw unsupportedProof()
  const said = {
    abortSignal: /** @type {Said['abortSignal']} */ (own('abortSignal', abortSignal)),
    timeout: own('requestOptions', requestOptions) && timeout,
    claims: own('claims', claims),
    enableCae: own('enableCae', enableCae),
    tenantId: own('tenantId', tenantId),
  }
  const isSilent = (said.abortSignal ?? said.timeout ?? said.claims ?? said.enableCae ?? said.tenantId) == null
  return isSilent ? undefined : said
}

/** @param {unknown} requestOptions */
function timeoutOf(requestOptions) {
  return requestOptions == null ? undefined : optionOf(Object(requestOptions), 'timeout') || undefined
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
function withSignal(like, call) {
  if (like === undefined || like === null || like instanceof AbortSignal) return call(like ?? undefined)
  const controller = new AbortController()
  const follow = () => controller.abort(reasonOf(like))
  if (like.aborted) follow()
  like.addEventListener('abort', follow)
  return apart(() => call(controller.signal), () => like.removeEventListener('abort', follow))
}

/**
 * Its own reason where it has one; otherwise an AbortError, which is what a controller makes of nothing.
 * @param {import('../index').AbortSignalLike} like
 */
function reasonOf(like) {
  return 'reason' in like ? like.reason : undefined
}

module.exports = { ClientTokenCredential, asked, explainLogin, heldToken, forgetDefaultClient, rejected, saidBy, tokenOf }
