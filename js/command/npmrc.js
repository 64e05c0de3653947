// @ts-check
'use strict'

// The lines with which npm logs in to a feed of Azure Artifacts.

const path = require('node:path')
const { ExitError, UsageError } = require('./failure')
const { makeLogin } = require('./login')
const { resourceOf } = require('./aliases')
const { notify } = require('./streams')

/** @param {import('./login').LoginOptions & { registry?: string, write?: boolean }} options */
async function main(options) {
  const keys = keysOf(options.registry)
  const login = makeLogin(options)
  const { token, expiresOnTimestamp } = await login.token(resourceOf('devops', login.cloud))
  const lines = keys.map((key) => `${key}=${token}`)
  if (!options.write) return `${lines.join('\n')}\n`
  const file = shown('npm_config_userconfig', write(keys, lines))
  notify(`${file}: npm logs in to ${shown('--registry', keys[0].replace(/:_authToken$/, ''))} until ${new Date(expiresOnTimestamp).toLocaleString()}. Run this command again then.\n`)
  return ''
}

/**
 * npm looks for the registry's own path, and for packages one level above it.
 * @param {string | undefined} registry
 */
function keysOf(registry) {
  const feed = feedOf(registry ?? '')
  if (feed === undefined) throw new UsageError('--registry is not a feed of Azure Artifacts. Use https://pkgs.dev.azure.com/ORG/_packaging/FEED/npm/registry/')
  return [`//${feed}/npm/registry/:_authToken`, `//${feed}/npm/:_authToken`]
}

/** Returns host and path of a feed, or of a project's feed. @param {string} registry */
function feedOf(registry) {
  if (!URL.canParse(registry)) return undefined
  const { protocol, host, pathname, username, password, search, hash } = new URL(registry)
  const isHost = host === 'pkgs.dev.azure.com' || /^[a-z0-9-]+\.pkgs\.visualstudio\.com$/.test(host)
  const match = /^((?:\/[\w.%~-]+){0,2}\/_packaging\/[\w.%@~-]+)\/npm(?:\/registry)?\/?$/.exec(pathname)
  const isPlain = protocol === 'https:' && username + password + search + hash === ''
  return isHost && isPlain && match !== null ? host + match[1] : undefined
}

/**
 * Writes to the user's own configuration, and never to a project's, which may be committed.
 * @param {string[]} keys
 * @param {string[]} lines
 */
function write(keys, lines) {
  const { replaceFile, textOfFile } = require('./files')
  const file = process.env.npm_config_userconfig ?? process.env.NPM_CONFIG_USERCONFIG ?? path.join(require('node:os').homedir(), '.npmrc')
  try {
    const kept = textOfFile(file).split('\n').filter((line) => !keys.includes(line.split('=')[0].trim()))
    const text = kept.join('\n').replace(/\n*$/, (end) => (kept.join('') === '' ? '' : end === '' ? '\n' : end))
    replaceFile(file, `${text}${lines.join('\n')}\n`)
    return file
  } catch (error) {
    throw new ExitError(`npm's configuration cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}). Check its owner, or run without --write and add the lines yourself`, 2)
  }
}

/** A folder or a feed may have a name that looks like a secret. @param {string} name @param {string} value */
function shown(name, value) {
  return require('../binding').binding().shownValue(name, value)
}

module.exports = { main }
