// @ts-check
'use strict'

// The real kubectl logs in to a stand-in for a cluster with the converted kubeconfig. The test compares its input to the plug-in, and every
// byte of the answer.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { runCommand } = require('../support/command')
const { program, programMissing } = require('../support/debian-programs')
const { bareEnvironment } = require('../support/environment')
const { forgetStore, missingKeyring } = require('../support/keyring')
const { tokenVerifier } = require('../support/resource-server')
const { startInTerminal, terminalMissing } = require('../support/terminal')
const { startCluster } = require('./stand-ins/cluster')
const { watchCommandLines } = require('./command-lines')
const { installRecorded } = require('./recorded-programs')
const { assertNotOnCommandLines, claimsOf } = require('./session')

const SERVER_ID = '11111111-1111-4111-8111-111111111111'
const GROUP = 'client.authentication.k8s.io'

describe('kubectl', { skip: programMissing('kubectl') }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kubectl-'))
  const file = path.join(folder, 'config')
  const programs = installRecorded(folder)
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  /** @type {Awaited<ReturnType<typeof startCluster>>} */
  let cluster
  let kubectl = ''

  before(async () => {
    kubectl = program('kubectl')
    emulator = await startEmulator()
    cluster = await startCluster(await tokenVerifier(emulator, SERVER_ID))
  }, { timeout: 500_000 })
  beforeEach(async () => {
    cluster.asked.length = 0
    fs.rmSync(path.join(folder, '.kube'), { recursive: true, force: true })
    await convert('v1', SERVER_ID)
  })
  after(async () => {
    cluster.close()
    await emulator.close()
    forgetStore(folder)
    fs.rmSync(folder, { recursive: true })
  })

  /** Converts a kubeconfig of kubelogin's. @param {string} version @param {string} serverId */
  const convert = async (version, serverId) => {
    const exec = { apiVersion: `${GROUP}/${version}`, command: 'kubelogin', args: ['get-token', '--server-id', serverId, '-l', 'spn'], interactiveMode: 'IfAvailable' }
    fs.writeFileSync(file, JSON.stringify({
      apiVersion: 'v1', kind: 'Config', 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: cluster.address, 'certificate-authority-data': Buffer.from(cluster.caCertificate).toString('base64') } }], users: [{ name: 'u', user: { exec } }],
    }))
    fs.rmSync(`${file}.bak-azure-client-token`, { force: true })
    assert.equal((await runCommand(['kubeconfig', 'convert'], { environment: { KUBECONFIG: file } })).code, 0)
  }

  /** @param {Record<string, string>} [changes] */
  const environment = (changes) => {
    const { tenantId, clientId, clientSecret } = emulator
    const login = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret }
    return bareEnvironment({ AZURE_CLIENT_TOKEN_CACHE: 'off', ...emulator.environment(), ...login, PATH: `${programs.bin}:${process.env.PATH}`, HOME: folder, KUBECONFIG: file, ...changes })
  }

  /** @param {Record<string, string>} [changes] @returns {Promise<{ code: number, stdout: string, stderr: string, calls: import('./recorded-programs').Call[] }>} */
  const getPods = (changes) => new Promise((resolve) => {
    execFile(kubectl, ['get', 'pods'], { env: environment(changes), timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr, calls: programs.taken() }))
  })

  for (const version of ['v1', 'v1beta1']) {
    test(`gets the pods by ${version}: each byte between it and the plug-in`, async () => {
      await convert(version, SERVER_ID)
      const lines = watchCommandLines()
      const { code, stdout, stderr, calls } = await getPods()
      assert.deepEqual([code, stdout, stderr], [0, 'NAME\nthe-pod\n', ''])
      assert.ok(cluster.asked.length > 0 && cluster.asked.every(({ audience }) => audience === SERVER_ID))
      const { token, expirationTimestamp } = JSON.parse(calls[0].stdout).status
      assert.deepEqual(calls, [{
        program: 'azure-client-token', words: `kubectl --server-id ${SERVER_ID} --credential environment`, input: '', stderr: '', code: 0,
        info: `${JSON.stringify({ kind: 'ExecCredential', apiVersion: `${GROUP}/${version}`, spec: { interactive: false } })}\n`,
        stdout: `{"apiVersion":"${GROUP}/${version}","kind":"ExecCredential","status":{"token":"${token}","expirationTimestamp":"${expirationTimestamp}"}}\n`,
      }])
      assert.match(expirationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      assert.ok(Math.abs(Date.parse(expirationTimestamp) / 1000 - claimsOf(token).exp) <= 2)
      assertNotOnCommandLines({ commandLines: lines.end() }, 'get pods', [token])
    })
  }

  test('accepts the token of a plug-in that logs, and shows the log', async () => {
    const { code, stdout, stderr, calls } = await getPods({ AZURE_CLIENT_TOKEN_LOG: 'debug' })
    assert.deepEqual([code, stdout, Object.keys(JSON.parse(calls[0].stdout))], [0, 'NAME\nthe-pod\n', ['apiVersion', 'kind', 'status']])
    assert.match(stderr, /azure-client-token info: client secret: gave a token/)
    assert.doesNotMatch(stderr, /eyJ/)
  })

  test('gets the pods on a terminal', { skip: terminalMissing() }, async () => {
    const { code, shown } = await startInTerminal([kubectl, 'get', 'pods'], { environment: environment() }).end()
    programs.taken()
    assert.deepEqual([code, shown], [0, 'NAME\r\nthe-pod\r\n'])
  })

  test('shows why there is no token, runs the plug-in six times, and sends the cluster nothing', async () => {
    const { code, stdout, stderr, calls } = await getPods({ AZURE_CLIENT_SECRET: 'wrong-secret' })
    assert.deepEqual([code, stdout, cluster.asked], [1, '', []])
    assert.deepEqual(calls.map(({ stdout: text, code: own }) => [text, own]), Array(6).fill(['', 1]))
    assert.match(stderr, /azure-client-token: .*AADSTS7000215/)
    assert.doesNotMatch(stderr, /wrong-secret/)
  })

  test('makes one request in six runs: a refusal answers those of the next five seconds', { skip: missingKeyring() }, async () => {
    emulator.resetCounters()
    const start = Date.now()
    const { code, calls } = await getPods({ AZURE_CLIENT_SECRET: 'wrong-secret', AZURE_CLIENT_TOKEN_CACHE: 'machine' })
    // Six runs take longer than that on a busy machine.
    const most = 1 + Math.floor((Date.now() - start) / 5000)
    assert.deepEqual([code, calls.length], [1, 6])
    assert.ok(emulator.counters.tokenRequests <= most, `${emulator.counters.tokenRequests} requests, not ${most}`)
    assert.ok(calls.every(({ stderr }) => /AADSTS7000215/.test(stderr)))
  })

  test('uses the token that is stored on this machine, and asks the service once in two runs', { skip: missingKeyring() }, async () => {
    emulator.resetCounters()
    const runs = [await getPods({ AZURE_CLIENT_TOKEN_CACHE: 'machine' }), await getPods({ AZURE_CLIENT_TOKEN_CACHE: 'machine' })]
    assert.deepEqual(runs.map(({ code, stdout }) => [code, stdout]), Array(2).fill([0, 'NAME\nthe-pod\n']))
    assert.equal(emulator.counters.tokenRequests, 1)
    assert.equal(runs[0].calls[0].stdout, runs[1].calls[0].stdout)
  })

  test('says that the cluster refuses a token for another application', async () => {
    await convert('v1', '22222222-2222-4222-8222-222222222222')
    const { code, stdout, stderr } = await getPods()
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, /You must be logged in to the server/)
    assert.doesNotMatch(stderr, /eyJ/)
  })
})
