// @ts-check
'use strict'

// The machine's store as its folder shows it: one file a token (.t) and a failure (.f), see docs/sharing-tokens.md.

const fs = require('node:fs')
const path = require('node:path')
const { ExitError, UsageError } = require('./failure')
const { isKept } = require('./login')

/**
 * @param {{ json?: boolean }} options
 * @param {string[]} words
 */
function main({ json }, [action]) {
  const folder = storeFolder(process.env, process.platform)
  switch (action) {
    case 'path':
      return `${json ? JSON.stringify({ path: folder }) : folder}\n`
    case 'status':
      return status(folder, json)
    case 'clear':
      return clear(folder)
    default:
      throw new UsageError('cache needs an action. Use cache status, cache clear or cache path')
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 */
function storeFolder(env, platform) {
  if (env.AZURE_CLIENT_TOKEN_CACHE_DIR) return env.AZURE_CLIENT_TOKEN_CACHE_DIR
  return path.join(cacheHome(env, platform), 'azure-client-token', 'v1')
}

/** @param {NodeJS.ProcessEnv} env @param {string} platform */
function cacheHome({ XDG_CACHE_HOME, LOCALAPPDATA }, platform) {
  const home = require('node:os').homedir()
  if (platform === 'win32') return LOCALAPPDATA || path.join(home, 'AppData', 'Local')
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches')
  return XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : path.join(home, '.cache')
}

/**
 * @param {string} folder
 * @param {boolean} [json]
 */
function status(folder, json) {
  const tokens = filesOf(folder).filter((file) => file.endsWith('.t'))
  const found = { path: folder, enabled: isKept(), tokens: tokens.length }
  if (json) return `${JSON.stringify(found)}\n`
  return `path     ${folder}\nenabled  ${found.enabled ? 'yes' : 'no'}\ntokens   ${found.tokens}\n`
}

/** Locks stay: a process may hold one. @param {string} folder */
function clear(folder) {
  try {
    for (const file of filesOf(folder)) if (/\.[tf]$/.test(file)) fs.rmSync(path.join(folder, file), { force: true })
  } catch (error) {
    throw new ExitError(`A token cannot be deleted (${/** @type {NodeJS.ErrnoException} */ (error).code}). Check who owns the folder that "cache path" prints`, 2)
  }
  return ''
}

/**
 * Its regular files; a folder that is a link is not the store's.
 * @param {string} folder
 */
function filesOf(folder) {
  try {
    if (!fs.lstatSync(folder).isDirectory()) return []
    return fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new ExitError(`The store's folder cannot be read (${code}). Check who owns the folder that "cache path" prints`, 2)
  }
}

module.exports = { main }
