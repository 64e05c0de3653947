// @ts-check
'use strict'

const http = require('node:http')
const https = require('node:https')
const { once } = require('node:events')

/**
 * @typedef {{ method?: string, headers?: Record<string, string>, form?: Record<string, string>, ca?: string,
 *   agent?: https.Agent, rejectUnauthorized?: boolean }} RequestOptions
 * @typedef {{ status: number, headers: http.IncomingHttpHeaders, text: string, json: any }} Answer
 */

/**
 * Makes a request for a test: without redirects and retries, with the given authorities.
 * @param {string | URL} url
 * @param {RequestOptions} [options] a `form` makes it a POST
 * @returns {Promise<Answer>}
 */
async function request(url, { form, method = form ? 'POST' : 'GET', headers = {}, ...options } = {}) {
  const { request: start } = new URL(url).protocol === 'https:' ? https : http
  const type = form && { 'content-type': 'application/x-www-form-urlencoded' }
  const outgoing = start(url, { method, headers: { ...type, ...headers }, ...options })
  outgoing.end(form && new URLSearchParams(form).toString())
  const [incoming] = await once(outgoing, 'response')
  const text = await read(incoming)
  return { status: incoming.statusCode, headers: incoming.headers, text, json: parsed(text) }
}

/** @param {http.IncomingMessage} incoming */
async function read(incoming) {
  const chunks = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

module.exports = { request }
