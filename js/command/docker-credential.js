#!/usr/bin/env node
// @ts-check
'use strict'

// The protocol of docker-credential-helpers: the action is the first argument, the server is on stdin. Its errors are texts on
// stdout, with exit code 1. "docker pull" shows none of them and goes on without a login; it shows what is on stderr.

const { keepDebuggerClosed } = require('./debugger')
const { readInput, tell, writeAndEnd } = require('./streams')
const { registryOf } = require('./registry-host')

/** What makes docker go on without a login. */
const NOT_FOUND = 'credentials not found in native keychain'

/** @type {Record<string, (input: string) => string | Promise<string>>} */
const actions = { get, store, erase, list: () => '{}\n', version }

main(process.argv[2])

/** @param {string | undefined} action */
async function main(action) {
  keepDebuggerClosed()
  try {
    if (action === undefined || !Object.hasOwn(actions, action)) throw new Error('usage: docker-credential-azure-client-token get|store|erase|list|version')
    const needsInput = action === 'get' || action === 'store' || action === 'erase'
    await writeAndEnd(await actions[action](needsInput ? await readInput() : ''), 0)
  } catch (error) {
    await writeAndEnd(`${/** @type {Error} */ (error).message}\n`, 1)
  }
}

/** @param {string} input */
async function get(input) {
  const server = input.trim()
  if (server === '') throw new Error('no credentials server URL')
  const { makeLogin, ownCloud } = require('./login')
  const registry = registryOf(server, ownCloud({}))
  if (registry === undefined) throw new Error(NOT_FOUND)
  const { token } = await makeLogin({}).registryToken(registry).catch(reportedFailure)
  return `${JSON.stringify({ ServerURL: server, Username: '<token>', Secret: token })}\n`
}

/** @param {Error} error @returns {never} */
function reportedFailure(error) {
  tell(`docker-credential-azure-client-token: ${error.message}\n`)
  throw error
}

/**
 * The login of an Azure registry is not docker's to keep. Another registry's password would be lost, which docker has to
 * be told.
 * @param {string} input
 */
function store(input) {
  const { ownCloud } = require('./login')
  if (registryOf(serverOf(input), ownCloud({})) !== undefined) return ''
  throw new Error('azure-client-token stores no passwords of other registries. Name it in "credHelpers", for registries of Azure only, instead of "credsStore"')
}

/** @param {string} input */
function serverOf(input) {
  try {
    return String(JSON.parse(input).ServerURL)
  } catch {
    throw new Error('the input is not JSON with ServerURL. This program is to be run by docker')
  }
}

/**
 * Only what this program has kept of its own is there to be erased.
 * @param {string} input
 */
async function erase(input) {
  const { makeLogin, ownCloud } = require('./login')
  const registry = registryOf(input.trim(), ownCloud({}))
  if (registry !== undefined) await makeLogin({}).forget({ registry })
  return ''
}

function version() {
  return `docker-credential-azure-client-token (azure-client-token) ${require('../../package.json').version}\n`
}
