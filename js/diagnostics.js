// @ts-check
'use strict'

// Publishes messages for observers of acquisitions and of the program's own store: docs/diagnostics.md. No message contains
// a token, a claim, a key or a value of the store. The first observed call loads this file.

const { channel, tracingChannel } = require('node:diagnostics_channel')
const { binding } = require('./binding')
const { errorOf } = require('./errors')
const { ACQUIRE, STORE } = require('./observers')

/**
 * @typedef {import('../index').TokenAcquisition} Acquisition
 * @typedef {import('../index').StoreCommand} StoreCommand
 * @typedef {import('./native').NativeToken} NativeToken
 * @typedef {{ -readonly [Name in keyof Acquisition]: Acquisition[Name] }} MutableAcquisition
 * @typedef {ReturnType<typeof import('./arguments').checkedOptions>} Options
 */

const acquisitions = tracingChannel(ACQUIRE)
const commands = channel(STORE)

/** The form of a store's error code that may be published: a text of any other form may contain information. */
const IDENTIFIER = /^\w{1,64}$/

/**
 * The leases whose renewal is already observed: calls of several threads, or of several clients, may find the same one.
 * @type {Set<number>}
 */
const renewed = new Set()

/**
 * Publishes the outcome of a call that goes to native code, and of the renewal that it has started.
 * @template T
 * @param {MutableAcquisition} acquisition
 * @param {(answered: (outcome: NativeToken) => void) => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function observed(acquisition, ask) {
  /** @type {T | undefined} */
  let result
  // The channel's own promise settles with undefined: its value is part of the message, and the call's value is a token.
  await acquisitions.tracePromise(async () => {
    try {
      result = await ask((outcome) => {
        recordToken(acquisition, outcome)
        observeRenewal(acquisition, outcome)
      })
    } catch (error) {
      recordFailure(acquisition, error)
      throw error
    }
  }, acquisition)
  return /** @type {T} */ (result)
}

/**
 * A token that is due is returned at once, and no call waits for the new one.
 * @param {MutableAcquisition} call
 * @param {NativeToken} outcome
 */
function observeRenewal({ scopes, tenantId }, { lease, cachedIn, refreshAfterTimestamp }) {
  if (cachedIn !== 'memory' || (refreshAfterTimestamp ?? Infinity) > Date.now() || renewed.has(lease)) return
  const renewal = binding().renewal(lease)
  if (!renewal) return
  renewed.add(lease)
  const end = () => void renewed.delete(lease)
  observed({ scopes, tenantId, reason: 'due' }, async (publish) => {
    const outcome = await renewal
    if (outcome.kind === 'failure') throw errorOf(outcome)
    if (outcome.kind === 'token') publish(outcome)
  }).then(end, end)
}

/**
 * Returns what is known about a call before it begins.
 * @param {string | undefined} endpoint
 * @param {Options | undefined} options
 * @param {boolean} isDue
 * @returns {MutableAcquisition}
 */
function acquisition(endpoint, options, isDue) {
  const scopes = (options?.scopes ?? scopesOf(endpoint))?.map((scope) => shown('a scope', scope))
  return { scopes, tenantId: shownTenant(options?.tenantId), reason: reasonOf(options, isDue) }
}

/** @param {string | undefined} endpoint */
function scopesOf(endpoint) {
  if (!endpoint) return undefined
  return [endpoint.endsWith('/.default') ? endpoint : `${endpoint}/.default`]
}

/** @param {string | null | undefined} tenantId */
function shownTenant(tenantId) {
  return tenantId == null ? undefined : shown('tenantId', tenantId)
}

/**
 * A caller may pass a token by mistake, or an address with a password in it.
 * @param {string} name
 * @param {string} value
 */
function shown(name, value) {
  return binding().shownValue(name, value)
}

/**
 * @param {Options | undefined} options
 * @param {boolean} isDue
 * @returns {Acquisition['reason']}
 */
function reasonOf(options, isDue) {
  if (options?.claims !== undefined) return 'claims'
  if (options?.forceRefresh) return 'forced'
  return isDue ? 'due' : 'missing'
}

/**
 * @param {MutableAcquisition} acquisition
 * @param {NativeToken} outcome
 */
function recordToken(acquisition, { source, tenantId, cachedIn, attempts, expiresOnTimestamp }) {
  acquisition.source = source
  acquisition.tenantId = shownTenant(tenantId) ?? acquisition.tenantId
  acquisition.from = cachedIn ?? 'service'
  acquisition.attempts = Object.freeze(attempts ?? [])
  acquisition.expiresOnTimestamp = expiresOnTimestamp
}

/**
 * The channel's own rules put the error itself into the message.
 * @param {MutableAcquisition} acquisition
 * @param {unknown} error the class of a failure, or the reason of the call's signal
 */
function recordFailure(acquisition, error) {
  const { attempts = [], statusCode, host, correlationId } = /** @type {any} */ (error) ?? {}
  acquisition.attempts = attempts
  acquisition.source = attempts.at(-1)?.source
  acquisition.statusCode = statusCode
  acquisition.host = host
  acquisition.correlationId = correlationId
}

/**
 * Publishes the outcome of a command to the program's own store.
 * @template T
 * @param {StoreCommand['command']} command
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
async function observedCommand(command, run) {
  const start = performance.now()
  const publish = (/** @type {Pick<StoreCommand, 'outcome' | 'errorType'>} */ end) => {
    commands.publish(Object.freeze({ command, milliseconds: performance.now() - start, ...end }))
  }
  try {
    const value = await run()
    const isNothing = value === 'false' || (command === 'get' && value === undefined)
    publish({ outcome: isNothing ? 'nothing' : 'done' })
    return value
  } catch (error) {
    publish({ outcome: 'failed', errorType: kindOf(error) })
    throw error
  }
}

/**
 * Returns the code or the class of what the store threw. Its text may be anything: Redis clients repeat arguments in it.
 * @param {unknown} error
 */
function kindOf(error) {
  const { code, name } = /** @type {Record<string, unknown>} */ (Object(error))
  return /** @type {string | undefined} */ ([code, name].find((kind) => typeof kind === 'string' && IDENTIFIER.test(kind)))
}

module.exports = { acquisition, observed, observedCommand }
