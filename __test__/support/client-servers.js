// @ts-check
'use strict'

// Third-party servers for tests of clients, on loopback. Each start has new data.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { setTimeout: sleep } = require('node:timers/promises')
const { issueServerCertificate } = require('../../emulator/certificates')
const { freePort } = require('../../scripts/redis/server')

/**
 * @typedef {object} Started
 * @property {number} port
 * @property {string} caCertificate
 * @property {() => Promise<void>} close
 */

/**
 * Azurite's blob service, which has the account `devstoreaccount1`. It verifies a token's audience, issuer and times.
 * @param {string} modules where it is installed
 * @returns {Promise<Started>}
 */
async function startAzurite(modules) {
  const folder = temporaryFolder('azurite')
  const { caCertificate, certificate, privateKey } = await issueServerCertificate(['devstoreaccount1.blob.core.windows.net'])
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')]
  fs.writeFileSync(cert, certificate)
  fs.writeFileSync(key, privateKey)
  const port = await freePort()
  const settings = ['--oauth', 'basic', '--cert', cert, '--key', key, '--blobHost', '127.0.0.1', '--blobPort', String(port)]
  const program = [path.join(modules, 'azurite', 'dist', 'src', 'blob', 'main.js'), ...settings, '--inMemoryPersistence', '--disableTelemetry', '--skipApiVersionCheck', '--silent']
  const close = await startProgram(process.execPath, program, folder, port)
  return { port, caCertificate, close }
}

/**
 * Starts a program that listens at the port, and removes the folder after its end.
 * @param {string} command
 * @param {string[]} parameters
 * @param {string} folder its working folder
 * @param {number} port
 * @param {NodeJS.ProcessEnv} [env]
 */
async function startProgram(command, parameters, folder, port, env) {
  const child = spawn(command, parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { printed += text })
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    fs.rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; tries < 1200 && child.exitCode === null; tries += 1) {
    if (await listens(port)) return close
    await sleep(100)
  }
  await close()
  throw new Error(`${path.basename(command)} did not listen at ${port}: ${printed.slice(-4000)}`)
}

/** @param {number} port */
async function listens(port) {
  const socket = net.connect(port, '127.0.0.1')
  return once(socket, 'connect').then(() => true, () => false).finally(() => socket.destroy())
}

/** @param {string} name */
function temporaryFolder(name) {
  return fs.mkdtempSync(path.join(os.tmpdir(), `azure-client-token-${name}-`))
}

module.exports = { startAzurite, startProgram, temporaryFolder }
