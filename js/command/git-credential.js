#!/usr/bin/env node
// @ts-check
'use strict'

// The protocol of gitcredentials: the action is the first argument, and stdin has lines `key=value`. For a host that is not
// one of Azure DevOps the answer is empty, so that git asks the next helper.

const { keepDebuggerClosed } = require('./debugger')
const { readInput, writeAndEnd, notify } = require('./streams')

main(process.argv[2])

/** @param {string | undefined} action */
async function main(action) {
  keepDebuggerClosed()
  try {
    await writeAndEnd(await answer(action), 0)
  } catch (error) {
    notify(`git-credential-azure-client-token: ${/** @type {Error} */ (error).message}\n`)
    await writeAndEnd('', 1)
  }
}

/** @param {string | undefined} action */
async function answer(action) {
  if (action === 'capability') return 'version 0\ncapability authtype\n'
  if (action !== 'get' && action !== 'erase') return ''
  const asked = fieldsOf(await readInput())
  if (!isAzureDevOps(asked)) return ''
  return action === 'get' ? get(asked) : erase(asked)
}

/** @typedef {Map<string, string[]>} Fields each key's values, in order */

/**
 * Reads up to the first empty line. The keys of an array end with `[]`; an empty value of such a key removes those before
 * it.
 * @param {string} input
 * @returns {Fields}
 */
function fieldsOf(input) {
  /** @type {Fields} */
  const fields = new Map()
  for (const line of input.split(/\r?\n/)) {
    if (line === '') break
    const at = line.indexOf('=')
    if (at < 1) continue
    const [key, value] = [line.slice(0, at), line.slice(at + 1)]
    const before = key.endsWith('[]') && value !== '' ? fields.get(key) ?? [] : []
    fields.set(key, key.endsWith('[]') && value === '' ? [] : [...before, value])
  }
  return fields
}

/**
 * Accepts https, its default port, and the hosts of Azure DevOps.
 * @param {Fields} fields
 */
function isAzureDevOps(fields) {
  const [host, port = '443', ...rest] = (fields.get('host')?.[0] ?? '').toLowerCase().split(':')
  const isHost = host === 'dev.azure.com' || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.visualstudio\.com$/.test(host)
  return fields.get('protocol')?.[0] === 'https' && isHost && port === '443' && rest.length === 0
}

/** @param {Fields} fields */
async function get(fields) {
  const { login, endpoint, tenantId } = devops(fields)
  const { token, expiresOnTimestamp } = await login.token(endpoint, { tenantId })
  const expiry = `password_expiry_utc=${Math.floor(expiresOnTimestamp / 1000)}\n`
  if ((fields.get('capability[]') ?? []).includes('authtype')) {
    return `capability[]=authtype\nauthtype=Bearer\ncredential=${token}\nephemeral=true\n${expiry}`
  }
  return `username=entra\npassword=${token}\n${expiry}`
}

/**
 * Deletes the token that git was refused with, and no other one: a later one may have replaced it.
 * @param {Fields} fields
 */
async function erase(fields) {
  const meant = fields.get('password')?.[0] ?? fields.get('credential')?.[0]
  if (!meant) return ''
  const { login, endpoint, tenantId } = devops(fields)
  await login.forget({ endpoint }, { meant, tenantId })
  return ''
}

/** @param {Fields} fields */
function devops(fields) {
  const { makeLogin } = require('./login')
  const { resourceOf } = require('./aliases')
  const login = makeLogin({})
  return { login, endpoint: resourceOf('devops', login.cloud), tenantId: allowedTenant(fields) }
}

/**
 * Returns the tenant that the server names, if the user has allowed it.
 * @param {Fields} fields
 */
function allowedTenant(fields) {
  const named = (fields.get('wwwauth[]') ?? []).map((line) => /^Bearer\b.*\bauthorization_uri="?https:\/\/[^/\s"]+\/([0-9a-fA-F-]{36})\b/.exec(line)?.[1])
  const allowed = (process.env.AZURE_ADDITIONALLY_ALLOWED_TENANTS ?? '').split(/[;,]/).map((tenant) => tenant.trim().toLowerCase())
  return named.find((tenant) => tenant !== undefined && (allowed.includes('*') || allowed.includes(tenant.toLowerCase())))
}
