// @ts-check
'use strict'

// A registry's own token, for one of Entra ID: https://REGISTRY/oauth2/exchange, documented in the repository Azure/acr
// (docs/AAD-OAuth.md).

const { request } = require('node:https')
const { makeLogin } = require('./login')
const { resourceOf } = require('./aliases')

/** What an answer may have, in characters. */
const LONGEST_ANSWER = 65_536
/** How long the registry may take, in milliseconds. */
const PATIENCE = 20_000

/**
 * @param {string} registry a host that `registryOf` has judged
 * @returns {Promise<string>}
 */
async function registryToken(registry) {
  const login = makeLogin({})
  const { token, tenantId } = await login.token(resourceOf('acr', login.cloud))
  const form = new URLSearchParams({ grant_type: 'access_token', service: registry, access_token: token })
  if (tenantId !== undefined) form.set('tenant', tenantId)
  return refreshToken(await posted(registry, form.toString()), registry)
}

/**
 * Redirects are not followed: the token is for this host.
 * @param {string} registry
 * @param {string} body
 * @returns {Promise<{ status: number, text: string }>}
 */
function posted(registry, body) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request({ host: registry, path: '/oauth2/exchange', method: 'POST', headers, signal: AbortSignal.timeout(PATIENCE) }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => {
        text += part
        if (text.length > LONGEST_ANSWER) sent.destroy(new Error('the answer is too long'))
      })
      answer.on('error', (error) => reject(notReached(registry, error))).on('end', () => resolve({ status: Number(answer.statusCode), text }))
    })
    sent.on('error', (error) => reject(notReached(registry, error))).end(body)
  })
}

/**
 * @param {string} registry
 * @param {NodeJS.ErrnoException} cause
 */
function notReached(registry, cause) {
  const reason = cause.name === 'TimeoutError' || cause.name === 'AbortError' ? `it did not answer within ${PATIENCE / 1000} s` : cause.code ?? 'the answer cannot be used'
  return new Error(`the registry ${registry} gave no token: ${reason}. Check its name and the network`)
}

/**
 * The answer's text is not shown: it may repeat the request.
 * @param {{ status: number, text: string }} answer
 * @param {string} registry
 * @returns {string}
 */
function refreshToken({ status, text }, registry) {
  if (status === 401 || status === 403) throw new Error(`the registry ${registry} refused the login (HTTP ${status}). Give the identity the role AcrPull, and allow tokens for containerregistry.azure.net there`)
  if (status !== 200) throw new Error(`the registry ${registry} answered HTTP ${status} instead of a token. Try again later, or check its name`)
  const token = memberOf(text)
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  throw new Error(`the registry ${registry} gave an answer without refresh_token. Check that a proxy does not answer in its place`)
}

/** @param {string} text */
function memberOf(text) {
  try {
    return JSON.parse(text)?.refresh_token
  } catch {
    return undefined
  }
}

module.exports = { registryToken }
