// @ts-check
'use strict'

const { optionOf, wrongType } = require('./input-values')
const { clearTimeout, setTimeout } = require('./timers')

/** @typedef {import('../index').GetClientTokenResult} Result */

/** The longest time between two checks in milliseconds, because timers stop while the machine sleeps. */
const LONGEST_PAUSE = 60_000

/** The pause in milliseconds after a token was due and no new one was there. Each further pause is twice as long. */
const FIRST_LOOK = 250

/** The pause in milliseconds after a failure, and the longest one while a new token is due, as in the cache. */
const PAUSE = 30_000

/**
 * Checks a token again and again. The cache renews a due token in the background; the watch only asks for it, so any number
 * of watches lead to one request.
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

  /** A function of its own, so that the program can pass it on. */
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
      this.#notify(() => this.#listener.onToken(result))
    }
    this.#lookIn(this.#pauseAfter(result))
  }

  /** @param {any} error */
  #failed(error) {
    if (this.#ending.signal.aborted) return
    this.#notify(() => this.#listener.onError?.(error))
    this.#lookIn(Math.max(PAUSE, error?.retryAfter ?? 0))
  }

  /**
   * Waits until the token is due, and from then on until the new one should be there.
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
   * An error that a listener throws is its program's concern, and does not end the watch.
   * @param {() => void} call
   */
  #notify(call) {
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
