// @ts-check
'use strict'

// Runs the cases of identity-cases.js with one package, each when the parent process requests it, and reports the outcome.

const { cases } = require('./identity-cases')

const [, , library, text] = process.argv
const context = JSON.parse(text)
const base = { ...process.env }

process.on('message', async (/** @type {{ index: number, environment: Record<string, string> }} */ { index, environment }) => {
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, base, environment)
  process.send?.(await outcomeOf(index))
})
process.send?.('ready')

/** @param {number} index */
async function outcomeOf(index) {
  const identity = require(library)
  if (!library.includes('node_modules')) require('../..').clearCache()
  try {
    return { value: told(await cases[index].run(identity, context)) }
  } catch (error) {
    return { error: failure(error) }
  }
}

/** The comparable parts of a value: a token's claims. @param {any} value */
function told(value) {
  if (typeof value?.token !== 'string') return JSON.parse(JSON.stringify(value ?? null))
  const { token, tokenType, expiresOnTimestamp } = value
  const isFresh = expiresOnTimestamp === undefined || (expiresOnTimestamp > Date.now() && expiresOnTimestamp < Date.now() + 90_000_000)
  return { ...claimsOf(token), tokenType, isFresh }
}

/** @param {string} token */
function claimsOf(token) {
  const [, payload] = token.split('.')
  try {
    const { aud, appid, tid, oid, upn } = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return { aud, appid, tid, oid, upn }
  } catch {
    return { token }
  }
}

/** @param {any} error */
function failure(error) {
  const codes = [...new Set([...String(error?.message).matchAll(/AADSTS(\d+)/g)].map(([, code]) => Number(code)))]
  const status = error?.name === 'AuthenticationError' ? error.statusCode : undefined
  const errors = error?.errors?.map((/** @type {Error} */ one) => one.name)
  return { class: error?.constructor?.name, name: error?.name, statusCode: status, codes, errors, isError: error instanceof Error }
}
