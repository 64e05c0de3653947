#!/usr/bin/env node
// @ts-check
'use strict'

// The protocol of docker-credential-helpers: the action is the first argument, and the server is on stdin. Errors are text
// on stdout, with exit code 1. "docker pull" shows none of them and continues without a login; it shows stderr.

const { keepDebuggerClosed } = require('./debugger')
const { readInput, notify, writeAndEnd } = require('./streams')
const { registryOf } = require('./registry-host')

/** The message on which docker continues without a login. */
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
  notify(`docker-credential-azure-client-token: ${error.message}\n`)
  throw error
}

/**
 * docker does not store the login of an Azure registry itself. The password of another registry would be lost, so docker
 * gets an error.
 * @param {string} input
 */
function store(input) {
  const { ownCloud } = require('./login')
  if (registryOf(serverOf(input), ownCloud({})) !== undefined) return ''
  throw new Error('azure-client-token does not store the passwords of other registries. Name it in "credHelpers", for Azure registries only, instead of in "credsStore"')
}

/** @param {string} input */
function serverOf(input) {
  try {
    return String(JSON.parse(input).ServerURL)
  } catch {
    throw new Error('the input is not JSON with ServerURL. Let docker run this program')
  }
}

/**
 * There is only something to erase if this program has stored a token.
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
