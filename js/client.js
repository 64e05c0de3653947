// @ts-check
'use strict'

const { binding } = require('./binding')
const { checkedArgs, checkedOptions } = require('./arguments')
const { errorOf } = require('./errors')
const { watched } = require('./abort')

/**
 * A login context whose settings are decided, and the tokens it gets.
 */
class TokenClient {
  #native

  /**
   * @param {{ environment: Record<string, string> }} configuration
   * @throws {import('./errors').ConfigurationError} if a setting is missing or malformed
   */
  constructor(configuration) {
    const made = binding().createClient(configuration)
    if ('kind' in made) throw errorOf(made)
    this.#native = made
  }

  /**
   * @param {unknown} [args]
   * @param {unknown} [opts]
   * @returns {Promise<import('../index').GetClientTokenResult>}
   */
  async getClientToken(args, opts) {
    const { endpoint } = checkedArgs(args)
    const { signal, ...options } = checkedOptions(opts)
    const client = this.#native
    const outcome = await watched(signal, (cancellation) =>
      binding().getClientToken({ endpoint }, { client, cancellation, ...options }),
    )
    return resultOf(outcome, signal)
  }
}

/**
 * @param {import('./native').NativeOutcome} outcome
 * @param {AbortSignal | undefined} signal
 */
function resultOf(outcome, signal) {
  if (outcome.kind === 'failure') throw errorOf(outcome)
  if (outcome.kind === 'cancelled') throw signal?.reason
  return Object.freeze({
    token: outcome.token,
    expiresOnTimestamp: outcome.expiresOnTimestamp,
    refreshAfterTimestamp: outcome.refreshAfterTimestamp ?? undefined,
    tokenType: /** @type {const} */ ('Bearer'),
    tenantId: outcome.tenantId ?? undefined,
    source: outcome.source,
  })
}

module.exports = { TokenClient }
