// @ts-check
'use strict'

const { optionOf, wrongType } = require('./input-values')
const { clearTimeout, setTimeout } = require('./timers')

/** @typedef {import('../index').GetClientTokenResult} Result */

/** The longest time between two looks, in milliseconds: timers stand still while the machine sleeps. */
const LONGEST_PAUSE = 60_000

/** The first pause after a token was due and no new one was there, in milliseconds; each further one is twice as long. */
const FIRST_LOOK = 250

/** The pause after a failure, and the longest one while a new token is due, in milliseconds: as the cache's own. */
const PAUSE = 30_000

/**
 * Looks for a token again and again. A due token is renewed by the cache, in the background: the watch only asks for it, so that
 * any number of watches lead to one request.
 */
class Watch {
  #ask
  #listener
  /** @type {AbortSignal | undefined} */
  #signal
  #ending = new AbortController()
  /** @type {NodeJS.Timeout | undefined} */
  #timer
  /** @type {string | undefined} the token that was handed over last */
  #last
  #nextLook = FIRST_LOOK

  /**
   * @param {(signal: AbortSignal) => Promise<Result>} ask
   * @param {ReturnType<typeof checkedListener>} listener
   */
  constructor(ask, { signal, ...listener }) {
    this.#ask = ask
    this.#listener = listener
    this.#signal = signal
    signal?.addEventListener('abort', this.dispose)
    if (signal?.aborted) this.dispose()
    else this.#look()
  }

  /** A function of its own, so that it can be handed over as one. */
  dispose = () => {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.dispose)
    this.#ending.abort()
  }

  #look() {
    this.#ask(this.#ending.signal).then(
      (result) => this.#arrived(result),
      (error) => this.#failed(error),
    )
  }

  /** @param {Result} result */
  #arrived(result) {
    if (this.#ending.signal.aborted) return
    const isNew = result.token !== this.#last
    if (isNew) {
      this.#last = result.token
      this.#nextLook = FIRST_LOOK
      this.#tell(() => this.#listener.onToken(result))
    }
    this.#lookIn(this.#pauseAfter(result))
  }

  /** @param {any} error */
  #failed(error) {
    if (this.#ending.signal.aborted) return
    this.#tell(() => this.#listener.onError?.(error))
    this.#lookIn(Math.max(PAUSE, error?.retryAfter ?? 0))
  }

  /**
   * Until the token is due; from then on until the new one should be there.
   * @param {Result} result
   */
  #pauseAfter({ expiresOnTimestamp, refreshAfterTimestamp = expiresOnTimestamp }) {
    const untilDue = refreshAfterTimestamp - Date.now()
    if (untilDue > 0) return Math.min(untilDue + 1, LONGEST_PAUSE)
    const pause = this.#nextLook
    this.#nextLook = Math.min(pause * 2, PAUSE)
    return pause
  }

  /** @param {number} pause */
  #lookIn(pause) {
    if (this.#ending.signal.aborted) return
    this.#timer = setTimeout(() => this.#look(), pause).unref()
  }

  /**
   * What a listener throws is its program's affair, and not the end of the watch.
   * @param {() => void} call
   */
  #tell(call) {
    try {
      call()
    } catch (error) {
      process.nextTick(() => {
        throw error
      })
    }
  }
}

/**
 * @param {(signal: AbortSignal) => Promise<Result>} ask
 * @param {unknown} listener
 */
function watchToken(ask, listener) {
  const watch = new Watch(ask, checkedListener(listener))
  return Object.freeze({ dispose: watch.dispose })
}

/** @param {unknown} listener */
function checkedListener(listener) {
  if (typeof listener !== 'object' || listener === null) throw wrongType('listener', 'an object with a function onToken', listener)
  const { onToken, onError, signal } = /** @type {Record<string, any>} */ (read(listener, ['onToken', 'onError', 'signal']))
  if (typeof onToken !== 'function') throw wrongType('listener.onToken', 'a function', onToken)
  if (onError != null && typeof onError !== 'function') throw wrongType('listener.onError', 'a function', onError)
  if (signal != null && !(signal instanceof AbortSignal)) throw wrongType('listener.signal', 'an AbortSignal', signal)
  return {
    onToken: /** @type {import('../index').TokenListener['onToken']} */ (onToken.bind(listener)),
    onError: /** @type {import('../index').TokenListener['onError']} */ (onError?.bind(listener)),
    signal: /** @type {AbortSignal | undefined} */ (signal ?? undefined),
  }
}

/**
 * @param {object} bag
 * @param {string[]} names
 */
function read(bag, names) {
  return Object.fromEntries(names.map((name) => [name, optionOf(bag, name)]))
}

module.exports = { watchToken }
