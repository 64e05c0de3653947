// @ts-check
'use strict'

const { bagOf, wrongType } = require('./input-values')

/**
 * @typedef {{ token: string, expiresOnTimestamp: number, refreshAfterTimestamp?: number }} Token
 * @typedef {{ getToken(scopes: string | string[], options?: object): Promise<Token | null> }} Credential
 * @typedef {{ abortSignal?: any, tracingOptions?: object }} Options
 */

/** How many milliseconds before its end a token without a renewal time is renewed, as in @azure/core-rest-pipeline. */
const RENEWAL = 2 * 60 * 1000

/** How many milliseconds after a failed renewal the next one may begin. */
const PAUSE = 30 * 1000

/**
 * @param {Credential} credential
 * @param {string | string[]} scopes
 * @param {Options} options
 * @returns {() => Promise<string>}
 */
function tokenProvider(credential, scopes, { abortSignal, tracingOptions }) {
  const ask = () => credential.getToken(scopes, abortSignal || tracingOptions ? { abortSignal, tracingOptions } : undefined)
  const current = keepsTokens(credential) ? ask : kept(ask)
  return async () => {
    const token = await current()
    if (token?.token) return token.token
    throw new Error('The credential of the token provider returned no token. Use a credential that rejects with an error.')
  }
}

/**
 * This package's classes cache their tokens themselves, and drop them when they must.
 * @param {Credential} credential
 */
function keepsTokens(credential) {
  return Object.getPrototypeOf(credential)?.constructor?.keepsTokens === true
}

/**
 * A credential of another library may call its service each time, so its token is kept here and renewed before it ends.
 * After a failed renewal the token stays in use while it is valid.
 * @param {() => Promise<Token | null>} ask
 */
function kept(ask) {
  /** @type {Token | null} */
  let token = null
  /** @type {Promise<Token | null> | undefined} */
  let renewal
  let pausedUntil = 0
  const renew = () => {
    renewal ??= ask()
      .then((renewed) => (token = renewed))
      .finally(() => (renewal = undefined))
    return renewal
  }
  return async () => {
    if (token === null || token.expiresOnTimestamp <= Date.now()) return renew()
    if (isDue(token) && Date.now() >= pausedUntil) renew().catch(() => (pausedUntil = Date.now() + PAUSE))
    return token
  }
}

/** @param {Token} token */
function isDue({ expiresOnTimestamp, refreshAfterTimestamp }) {
  return Date.now() >= (refreshAfterTimestamp ?? expiresOnTimestamp - RENEWAL)
}

/**
 * Returns the provider for a credential, or for the current login context if none is given.
 * @param {unknown} first a credential, or the scopes
 * @param {unknown} second the scopes, or the options
 * @param {unknown} third
 * @param {() => Credential} ofLogin
 */
function bearerTokenProvider(first, second, third, ofLogin) {
  const isOfLogin = typeof first === 'string' || Array.isArray(first)
  const [credential, scopes, options] = isOfLogin ? [ofLogin(), first, second] : [first, second, third]
  if (typeof (/** @type {any} */ (credential)?.getToken) !== 'function') throw wrongType('credential', 'an object with a getToken method', credential)
  if (typeof scopes !== 'string' && !Array.isArray(scopes)) throw wrongType('scopes', 'a string or an array of strings', scopes)
  return tokenProvider(/** @type {Credential} */ (credential), /** @type {string | string[]} */ (scopes), /** @type {Options} */ (bagOf(options, 'options')))
}

module.exports = { bearerTokenProvider }
