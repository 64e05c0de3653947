// @ts-check
'use strict'

// A registry on this machine that knows what is published to it, and nothing else.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')

/**
 * @typedef {object} Registry
 * @property {string} url
 * @property {string} npmrc a configuration of npm that may publish there
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} verdaccio the program
 * @param {string} folder for its files
 * @returns {Promise<Registry>}
 */
async function startRegistry(verdaccio, folder) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/`
  const log = fs.openSync(writeConfiguration(folder), 'a')
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

/** @param {string} folder @returns {string} the file of its log */
function writeConfiguration(folder) {
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'config.yaml'), [
    `storage: ${path.join(folder, 'storage')}`,
    `auth: { htpasswd: { file: ${path.join(folder, 'users')} } }`,
    "packages: { '**': { access: $all, publish: $authenticated } }",
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
