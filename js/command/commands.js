// @ts-check
'use strict'

// The commands with their options, for parsing, for help and for completion.

/**
 * @typedef {Record<string, any>} Values the options by their names
 * @typedef {{ type: 'string' | 'boolean', multiple?: boolean, short?: string }} Option
 * @typedef {object} Command
 * @property {string} summary
 * @property {string} usage
 * @property {string} example
 * @property {number} words how many it takes at the most
 * @property {Record<string, Option>} options
 */

const text = /** @type {const} */ ({ type: 'string' })
const flag = /** @type {const} */ ({ type: 'boolean' })
const help = { help: /** @type {const} */ ({ type: 'boolean', short: 'h' }) }

/** The options that decide whose token it is and how to get it. */
const login = {
  ...help,
  tenant: text, 'client-id': text, cloud: text, timeout: text, verbose: flag, cache: flag, 'no-cache': flag,
  credential: /** @type {const} */ ({ type: 'string', multiple: true }),
}

/** The options without those that choose another login than the current one. */
const { credential: _, 'client-id': __, ...currentLogin } = login

/** @type {Record<string, Command>} */
const commands = {
  token: {
    summary: 'print an access token', usage: '[SCOPE|ALIAS]', example: 'token graph --output header', words: 1,
    options: { ...login, output: { type: 'string', short: 'o' }, format: text, claims: text, force: flag, json: flag },
  },
  whoami: {
    summary: 'show the ids of the current login', usage: '', example: 'whoami --json', words: 0,
    options: { ...currentLogin, json: flag },
  },
  explain: {
    summary: 'show which credential is used, and why not the others', usage: '[SCOPE|ALIAS]', example: 'explain vault', words: 1,
    options: { ...login, json: flag },
  },
  cache: {
    summary: 'show or delete the tokens that are kept on this machine', usage: 'status|clear|path', example: 'cache status', words: 1,
    options: { ...help, json: flag },
  },
  exec: {
    summary: 'run a program with tokens in its environment', usage: '--set NAME=ALIAS … -- PROGRAM [ARGUMENTS]',
    example: 'exec --set PGPASSWORD=postgres -- psql -h HOST', words: 0,
    options: { ...login, set: { type: 'string', multiple: true }, json: flag },
  },
  kubectl: {
    summary: 'get a token for kubectl, as its exec plug-in', usage: '[--server-id ID]', example: 'kubectl --server-id 6dae42f8-4368-4678-94ff-3960e28e3630', words: 0,
    options: { ...login, 'server-id': text, json: flag },
  },
  kubeconfig: {
    summary: "make kubectl's configuration use this program", usage: 'convert [--context CONTEXT]', example: 'kubeconfig convert', words: 1,
    options: { ...help, context: text, credential: text, json: flag },
  },
  npmrc: {
    summary: "print npm's lines for a feed of Azure Artifacts", usage: '--registry URL [--write]',
    example: 'npmrc --write --registry https://pkgs.dev.azure.com/ORG/_packaging/FEED/npm/registry/', words: 0,
    options: { ...login, registry: text, write: flag, json: flag },
  },
  completion: {
    summary: 'print the completion of a shell', usage: 'bash|zsh|fish|powershell', example: 'completion bash', words: 1,
    options: { ...help, json: flag },
  },
}

module.exports = { commands }
