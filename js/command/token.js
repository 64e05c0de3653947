// @ts-check
'use strict'

const { UsageError } = require('./failure')
const { makeLogin } = require('./login')
const { resourceOf } = require('./aliases')

/**
 * @typedef {import('../../index').GetClientTokenResult} Token
 * @typedef {import('./login').LoginOptions & { output?: string, format?: string, claims?: string, force?: boolean, json?: boolean }} Options
 */

/** The forms in which a token is printed. @type {Record<string, (token: Token, options: Options) => string>} */
const forms = {
  token: ({ token }) => token,
  json: azureCliForm,
  header: ({ token }) => `Authorization: Bearer ${token}`,
  env: ({ token }, { format = 'env' }) => variableForm(token, format),
  status,
}

/**
 * The forms of `aws configure export-credentials`, and that of fish.
 * @type {Record<string, (name: string, value: string) => string>}
 */
const shells = {
  env: (name, value) => `export ${name}=${value}`,
  'env-no-export': (name, value) => `${name}=${value}`,
  powershell: (name, value) => `$Env:${name}="${value}"`,
  'windows-cmd': (name, value) => `set ${name}=${value}`,
  fish: (name, value) => `set -gx ${name} ${value}`,
}

/**
 * @param {Options} options
 * @param {string[]} words
 */
async function main(options, [word = 'arm']) {
  const name = options.output ?? (options.json ? 'json' : 'token')
  if (!Object.hasOwn(forms, name)) throw new UsageError(`--output names an unknown form. Use one of ${Object.keys(forms).join(', ')}`)
  if (options.format !== undefined && !Object.hasOwn(shells, options.format)) throw new UsageError(`--format names an unknown shell. Use one of ${Object.keys(shells).join(', ')}`)
  const login = makeLogin(options)
  const token = await login.token(resourceOf(word, login.cloud), { claims: options.claims, forceRefresh: options.force })
  return `${forms[name](token, options)}\n`
}

/**
 * Has the field names of `az account get-access-token`.
 * @param {Token} token
 */
function azureCliForm({ token, expiresOnTimestamp, tenantId, tokenType }) {
  const fields = { accessToken: token, expiresOn: localTime(expiresOnTimestamp), expires_on: Math.floor(expiresOnTimestamp / 1000), tenant: tenantId, tokenType }
  return JSON.stringify(fields, null, 2)
}

/**
 * The Azure CLI's format: local time with microseconds.
 * @param {number} timestamp
 */
function localTime(timestamp) {
  const date = new Date(timestamp)
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}000`
}

/**
 * A shell leaves these characters unchanged; tokens of Entra ID contain no others.
 * @param {string} token
 * @param {string} format
 */
function variableForm(token, format) {
  if (!/^[\w.~+/=-]+$/.test(token)) throw new UsageError('The token has characters that a shell may change. Use --output json')
  return shells[format]('AZURE_ACCESS_TOKEN', token)
}

/** @param {Token} token */
function status({ source, tenantId, expiresOnTimestamp }) {
  const minutes = Math.max(0, Math.floor((expiresOnTimestamp - Date.now()) / 60_000))
  return [source, ...(tenantId === undefined ? [] : [tenantId]), `${minutes} min`].join(' ')
}

module.exports = { main }
