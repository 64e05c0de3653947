// @ts-check
'use strict'

// git with a stand-in for Azure DevOps.

const fs = require('node:fs')
const path = require('node:path')
const { HOST, REPOSITORY, devops, logins, makeRepository, removeRepository, state } = require('../stand-ins/devops')
const { play } = require('./set-up')

/** @param {import('./set-up').World} world */
async function session({ folder, caFile, run }) {
  makeRepository()
  const environment = { GIT_SSL_CAINFO: caFile, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' }
  const git = async (/** @type {string[]} */ ...words) => ({ ...(await run(['git', ...words], { environment })), logins: logins.splice(0) })
  // As docs/command.md says.
  await git('config', '--global', `credential.https://${HOST}.helper`, 'azure-client-token')
  const version = (await git('version')).stdout
  const clone = await git('clone', `https://${HOST}/${REPOSITORY}`, 'clone')
  const cloned = fs.readFileSync(path.join(folder, 'clone', 'README'), 'utf8')
  const named = await git('ls-remote', `https://organisation@${HOST}/${REPOSITORY}`)
  await git('-C', 'clone', '-c', 'user.name=a', '-c', 'user.email=a@example', 'commit', '--allow-empty', '-m', 'Say more')
  const push = await git('-C', 'clone', 'push', 'origin', 'HEAD:main')
  state.isRefusing = true
  const refused = await git('ls-remote', `https://${HOST}/${REPOSITORY}`)
  state.isRefusing = false
  const again = await git('ls-remote', `https://${HOST}/${REPOSITORY}`)
  const elsewhere = await run(['git', '-c', 'credential.helper=azure-client-token', 'credential', 'fill'], { environment, input: 'protocol=https\nhost=git.example\n\n' })
  return { version, clone, cloned, named, push, refused, again, elsewhere }
}

play([HOST], devops, session).finally(removeRepository)
