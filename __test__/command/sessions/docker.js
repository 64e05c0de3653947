// @ts-check
'use strict'

// The docker CLI with a stand-in for an Azure registry, and with a stand-in for docker's daemon.

const fs = require('node:fs')
const path = require('node:path')
const { IMAGE, REFRESH_TOKEN, REGISTRY, asked, pulled, registry, startEngine, state } = require('../stand-ins/registry')
const { play } = require('./set-up')

/** @param {import('./set-up').World} world */
async function session({ folder, caFile, run }) {
  const socket = path.join(folder, 'docker.sock')
  const engine = await startEngine(socket)
  const docker = (/** @type {string[]} */ words, /** @type {import('./set-up').Run} */ options = {}) => run([process.env.DOCKER ?? 'docker', ...words], { ...options, environment: { DOCKER_HOST: `unix://${socket}`, SSL_CERT_FILE: caFile, ...options.environment } })
  fs.mkdirSync(path.join(folder, '.docker'))
  const configure = (/** @type {object} */ settings) => fs.writeFileSync(path.join(folder, '.docker', 'config.json'), JSON.stringify(settings))
  const report = await actions(docker, configure)
  engine.close()
  return report
}

/**
 * @param {(words: string[], options?: import('./set-up').Run) => Promise<import('./set-up').Outcome>} docker
 * @param {(settings: object) => void} configure
 */
async function actions(docker, configure) {
  configure({ credHelpers: { [REGISTRY]: 'azure-client-token' } })
  const [inspect, pull] = [await withRequests(() => docker(['manifest', 'inspect', IMAGE])), await withRequests(() => docker(['pull', IMAGE]))]
  const logout = await docker(['logout', REGISTRY])
  state.isRefusing = true
  const refused = await withRequests(() => docker(['pull', IMAGE]))
  state.isRefusing = false
  configure({ credsStore: 'azure-client-token' })
  const store = await withRequests(() => docker(['pull', IMAGE]))
  const elsewhere = await withRequests(() => docker(['pull', 'hello:latest']))
  const login = await docker(['login', '--username', 'me', '--password-stdin', 'registry.example'], { input: 'a-password' })
  return { refreshToken: REFRESH_TOKEN, inspect, pull, logout, refused, store, elsewhere, login }
}

/** @param {() => Promise<import('./set-up').Outcome>} act */
async function withRequests(act) {
  const outcome = await act()
  return { ...outcome, asked: asked.splice(0), pulled: pulled.splice(0) }
}

play([REGISTRY, 'registry.example'], registry, session)
