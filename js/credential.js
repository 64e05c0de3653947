// @ts-check
'use strict'

// The current login context, and explicit credentials.

// Loaded first: when something below fails, no file descriptor may be left to load the classes of errors.
const { configurationError, errorOf, orExhausted } = require('./errors')
const { rejectingLater, rejectLater } = require('./call-pacing')
const { bagOf, counted, optionOf, printable, scopesOf, withoutPrototype } = require('./input-values')

/** js/binding.js. The first call loads it. @type {typeof import('./binding').binding} */
let binding

/** @type {import('./client').TokenClient | undefined} */
let client

/** The cache's generation when the settings were read. Another thread may have cleared the cache since. */
let generation = 0

/**
 * Returns the client of the current login context. The first call reads the settings and keeps them, as Pulumi's provider
 * does. Invalid settings are not kept: the failure is returned, and the next call reads them again.
 */
function defaultClient() {
  const current = native().cacheGeneration()
  if (client === undefined || generation !== current) {
    const { environmentSnapshot } = orExhausted(() => require('./environment'))
    const { nativeClient } = orExhausted(() => require('./native-client'))
    client = undefined
    const configuration = { environment: environmentSnapshot() }
    const made = nativeClient(configuration)
    if (isFailure(made)) return made
    const { TokenClient } = orExhausted(() => require('./client'))
    client = new TokenClient(configuration, made)
    generation = current
  }
  return client
}

/**
 * Calls a function with a credential's own client or, without one, with the client of the current login context.
 * @template T
 * @param {import('./client').TokenClient | undefined} own
 * @param {(client: import('./client').TokenClient) => Promise<T>} call
 * @returns {Promise<T>}
 */
function withClient(own, call) {
  const current = own ?? defaultClient()
  return isFailure(current) ? rejectedWith(current) : call(current)
}

/**
 * Returns the cached token of the current login context, if there is one.
 * @param {unknown} args
 * @param {unknown} opts
 */
function cachedToken(args, opts) {
  return client?.cachedToken(args, opts)
}

/**
 * Explains which credential gives the tokens of a client or of the current login context, or why there is none. Invalid
 * settings, from which no client can be created, are explained as well.
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
  return isFailure(current) ? Promise.resolve(explanationOfFailure(current)) : current.explain(endpoint, options)
}

/**
 * @param {import('./native').NativeFailure} failure
 * @returns {import('../index').Explanation}
 */
function explanationOfFailure({ message, settings }) {
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
 * Returns the promise for an error that an entry has caught.
 * @param {unknown} error
 */
function rejected(error) {
  return rejectLater(() => error)
}

/** @param {import('./native').NativeFailure} failure */
function rejectedWith(failure) {
  return rejectLater(() => errorOf(failure))
}

/**
 * @template {object} T
 * @param {T | import('./native').NativeFailure} current
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
 * Returns the client of a credential. The class sets this function, because only it may read a private member, and does not
 * name itself: it would get another name when the files are joined.
 * @type {(self: unknown, method: string) => import('./client').TokenClient | undefined}
 */
let ownOf

/**
 * A TokenCredential of `@azure/core-auth` with its own options; without options, for the current login context.
 */
class ClientTokenCredential {
  /** Token providers read this member: they cache the tokens of a credential without it themselves. */
  static keepsTokens = true

  /** @type {import('./client').TokenClient | undefined} undefined: the current login context's client is used */
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
      const own = ownOf(this, 'getToken')
      const checked = scopesOf(scopes, 'scopes')
      const given = callOptions(options)
      if (given !== undefined || typeof checked !== 'string') return tokenOf(own, { ...given, abortSignal: given?.abortSignal, scopes: checked })
      const cached = (own ?? client)?.cachedTokenForScopes(checked)
      return cached ?? withClient(own, (client) => client.getTokenForScope(checked))
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
      const own = ownOf(this, 'getClientToken')
      return (own ?? client)?.cachedToken(args, opts) ?? withClient(own, (client) => client.getClientToken(args, opts))
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
      return explainLogin(args, opts, ownOf(this, 'explain'))
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
    const own = ownOf(this, 'watch')
    const checked = scopesOf(scopes, 'scopes')
    const { watchToken } = orExhausted(() => require('./watch'))
    return watchToken(async (abortSignal) => tokenOf(own, { abortSignal, scopes: checked }), listener)
  }

  /**
   * @param {string | string[]} scopes
   * @param {import('../index').BearerTokenProviderOptions} [options]
   */
  getBearerTokenProvider(scopes, options) {
    ownOf(this, 'getBearerTokenProvider')
    const { bearerTokenProvider } = orExhausted(() => require('./token-provider'))
    return bearerTokenProvider(this, scopes, options, () => this)
  }

  static {
    ownOf = (self, method) => {
      if (typeof self !== 'object' || self === null || !(#own in self)) throw withoutCredential(method)
      return self.#own
    }
  }
}

/**
 * @param {import('./client').TokenClient | undefined} own
 * @param {Partial<NonNullable<ReturnType<typeof callOptions>>> & { scopes: string | string[] }} call
 */
function tokenOf(own, { abortSignal, ...call }) {
  return withSignal(abortSignal, (signal) => withClient(own, (client) => client.getClientToken({}, { ...call, signal })))
}

/** @param {string} method */
function withoutCredential(method) {
  const message = `${method} was called without its ClientTokenCredential. Call credential.${method}(…), or pass (...given) => credential.${method}(...given).`
  return printable(new TypeError(message))
}

/**
 * Returns the client of an explicit credential. The first one loads the files that it needs, because most programs have
 * none.
 * @param {import('../index').ClientTokenOptions} options
 */
function clientOf(options) {
  const { environmentSnapshot } = orExhausted(() => require('./environment'))
  const { readOptions, namedVariables, startsPrograms } = orExhausted(() => require('./options'))
  const { nativeClient } = orExhausted(() => require('./native-client'))
  const { native, onLog } = readOptions(options)
  const environment = environmentSnapshot(namedVariables(native), startsPrograms(native))
  const configuration = { environment, options: native, onLog }
  const made = nativeClient(configuration)
  const { TokenClient } = orExhausted(() => require('./client'))
  return new TokenClient(configuration, made)
}

/** @typedef {import('../index').GetTokenOptions & { proofOfPossessionOptions?: unknown }} CallOptions */

/**
 * Returns the options of a call that are set, or undefined if none is, as in most calls of Azure's SDK clients. Then no
 * prototype is examined, so such a call finds its cached token as quickly as one without options.
 * @param {import('../index').GetTokenOptions | null} [options]
 */
function callOptions(options) {
  if (options === undefined || options === null) return undefined
  const { abortSignal, requestOptions, claims, enableCae, tenantId, proofOfPossessionOptions } = /** @type {CallOptions} */ (options)
  const timeout = timeoutOf(requestOptions)
  if ((abortSignal ?? timeout ?? claims ?? enableCae ?? tenantId ?? proofOfPossessionOptions) == null) return void bagOf(options, 'options')
  const own = (/** @type {string} */ name, /** @type {unknown} */ value) => value === undefined ? value : counted(options, name, value)
  if (own('proofOfPossessionOptions', proofOfPossessionOptions) != null) throw unsupportedProof()
  const given = {
    abortSignal: /** @type {CallOptions['abortSignal']} */ (own('abortSignal', abortSignal)),
    timeout: own('requestOptions', requestOptions) && timeout,
    claims: own('claims', claims),
    enableCae: own('enableCae', enableCae),
    tenantId: own('tenantId', tenantId),
  }
  const isEmpty = (given.abortSignal ?? given.timeout ?? given.claims ?? given.enableCae ?? given.tenantId) == null
  return isEmpty ? undefined : given
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
 * Azure's SDK clients may pass an object that only looks like an AbortSignal. Such an object gets a real signal that follows
 * it.
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
  return rejectingLater(() => call(controller.signal), () => unfollow(like, follow))
}

/**
 * @param {import('../index').AbortSignalLike} like
 * @param {() => void} follow
 */
function unfollow(like, follow) {
  try {
    like.removeEventListener('abort', follow)
  } catch {
    // The call has its outcome, which is worth more than a listener that stays.
  }
}

/**
 * Returns the object's own reason, or undefined, from which `abort` makes an AbortError.
 * @param {import('../index').AbortSignalLike} like
 */
function reasonOf(like) {
  return 'reason' in like ? like.reason : undefined
}

module.exports = { ClientTokenCredential, cachedToken, callOptions, explainLogin, forgetDefaultClient, rejected, tokenOf, withClient }
