// @ts-check
'use strict'

const { defaultClient, explainLogin } = require('./default-client')

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
    return this.#client().getClientToken(args, opts)
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

module.exports = { ClientTokenCredential }
