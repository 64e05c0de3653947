// @ts-check
'use strict'

// A registry on this machine that has only what is published to it, unless it has an upstream.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

/**
 * @typedef {object} Registry
 * @property {string} url
 * @property {string} npmrc a configuration of npm with the right to publish there
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} verdaccio the program
 * @param {string} folder for its files
 * @param {string} [upstream] the registry from which it gets packages of other names than ours
 * @returns {Promise<Registry>}
 */
async function startRegistry(verdaccio, folder, upstream) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const log = fs.openSync(writeConfiguration(folder, upstream), 'a')
  const child = spawn(process.execPath, [verdaccio, '--listen', `127.0.0.1:${port}`, '--config', path.join(folder, 'config.yaml')], { stdio: ['ignore', log, log] })
  const stop = async () => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit')
  }
  try {
    const token = await firstUser(url)
    const npmrc = path.join(folder, 'npmrc')
    fs.writeFileSync(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=${token}\n`)
    return { url, npmrc, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @param {string} folder @param {string} [upstream] @returns {string} the file of its log */
function writeConfiguration(folder, upstream) {
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'config.yaml'), [
    `storage: ${path.join(folder, 'storage')}`,
    `auth: { htpasswd: { file: ${path.join(folder, 'users')} } }`,
    `uplinks: ${JSON.stringify(upstream ? { upstream: { url: upstream, timeout: '60s' } } : {})}`,
    'packages:',
    "  'azure-client-token*': { access: $all, publish: $authenticated }",
    `  '**': { access: $all, publish: $authenticated${upstream ? ', proxy: upstream' : ''} }`,
    'web: { enable: false }',
    'max_body_size: 100mb',
    'log: { type: stdout, format: pretty, level: warn }\n'
  ].join('\n'))
  return path.join(folder, 'log.txt')
}

/** @param {string} url @returns {Promise<string>} the user's token */
async function firstUser(url) {
  const body = JSON.stringify({ name: 'release', password: 'of-this-machine-only' })
  const request = { method: 'PUT', headers: { 'content-type': 'application/json' }, body }
  for (let second = 0; second < 60; second++, await sleep(1000)) {
    const answer = await fetch(`${url}-/user/org.couchdb.user:release`, request).catch(() => undefined)
    if (answer?.ok) return /** @type {{ token: string }} */ (await answer.json()).token
  }
  throw new Error('the local registry did not start within a minute')
}

async function freePort() {
  const server = net.createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  await once(server.close(), 'close')
  return port
}

module.exports = { startRegistry }
