// @ts-check
'use strict'

// The real kubectl, from 1.22 on, logs in to an https stand-in of a cluster by the converted kubeconfig.

const assert = require('node:assert/strict')
const { execFile, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const https = require('node:https')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { issueServerCertificate } = require('../../emulator/certificates')
const { bareEnvironment } = require('../support/environment')
const { installedPrograms, runCommand } = require('../support/command')

const { stdout: version } = spawnSync('kubectl', ['version', '--client'], { encoding: 'utf8' })
const minor = Number(/v1\.(\d+)/.exec(version ?? '')?.[1] ?? 0)
const skip = minor < 22 && `kubectl 1.22 or newer is not here (found: ${minor === 0 ? 'none' : `1.${minor}`})`

describe('kubectl', { skip }, () => {
  const programs = installedPrograms()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kubectl-'))
  const file = path.join(folder, 'config')
  /** @type {string[]} */
  const tokens = []
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  /** @type {https.Server} */
  let cluster
  let certificate = ''

  before(async () => {
    emulator = await startEmulator()
    const issued = await issueServerCertificate()
    certificate = Buffer.from(issued.caCertificate).toString('base64')
    cluster = https.createServer({ cert: issued.certificate, key: issued.privateKey }, ({ headers }, answer) => {
      tokens.push(String(headers.authorization))
      answer.setHeader('content-type', 'application/json').end('{"answer":42}')
    })
    await new Promise((resolve) => cluster.listen(0, '127.0.0.1', () => resolve(undefined)))
  })
  after(async () => {
    cluster.close()
    await emulator.close()
    programs.remove()
    fs.rmSync(folder, { recursive: true })
  })

  /** @param {string} apiVersion */
  const write = (apiVersion) => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (cluster.address())
    const exec = { apiVersion, command: 'kubelogin', args: ['get-token', '--server-id', '11111111-1111-4111-8111-111111111111', '-l', 'spn'], interactiveMode: 'IfAvailable' }
    fs.writeFileSync(file, JSON.stringify({
      apiVersion: 'v1', kind: 'Config', 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: `https://localhost:${port}`, 'certificate-authority-data': certificate } }], users: [{ name: 'u', user: { exec } }],
    }))
    fs.rmSync(`${file}.bak-azure-client-token`, { force: true })
  }

  /** @param {Record<string, string>} [changes] @returns {Promise<{ code: number, stdout: string, stderr: string }>} */
  const kubectl = (changes) => {
    const { tenantId, clientId, clientSecret } = emulator
    const login = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret }
    const env = bareEnvironment({ ...emulator.environment(), ...login, PATH: programs.searchPath, HOME: folder, KUBECONFIG: file, ...changes })
    return new Promise((resolve) => execFile('kubectl', ['get', '--raw', '/api'], { env, timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr })))
  }

  for (const version of ['v1', 'v1beta1']) {
    test(`takes the token by ${version}`, async () => {
      write(`client.authentication.k8s.io/${version}`)
      assert.equal((await runCommand(['kubeconfig', 'convert'], { environment: { KUBECONFIG: file } })).code, 0)
      tokens.length = 0
      const { code, stdout, stderr } = await kubectl()
      assert.deepEqual([code, stdout], [0, '{"answer":42}'], stderr)
      const claims = JSON.parse(Buffer.from(tokens[0].split('.')[1], 'base64url').toString())
      assert.equal(claims.aud, '11111111-1111-4111-8111-111111111111')
    })
  }

  test('shows why there is no token, and asks the cluster nothing', async () => {
    tokens.length = 0
    const { code, stderr } = await kubectl({ AZURE_CLIENT_SECRET: 'wrong-secret' })
    assert.equal(code, 1)
    assert.match(stderr, /azure-client-token: .*AADSTS7000215/)
    assert.doesNotMatch(stderr, /wrong-secret/)
    assert.deepEqual(tokens, [])
  })
})
