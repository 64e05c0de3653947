// @ts-check
'use strict'

// Files whose reading hangs: named pipes without a writer, and a file system whose server has ended, like a network drive whose server is
// down.

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { bareEnvironment } = require('./support/environment')
const { namespaceMissing, runInNamespace } = require('./support/namespace')
const { ended, root } = require('./support/run')

const AZ = `#!/bin/sh
echo '{"accessToken":"a-token","expires_on":9999999999}'
`

/** @type {string} */
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hung-files-'))
  fs.mkdirSync(path.join(folder, 'programs'))
  fs.writeFileSync(path.join(folder, 'programs', 'az'), AZ, { mode: 0o755 })
})
after(() => fs.rmSync(folder, { recursive: true }))

/**
 * Requests a token with each kind of file, and prints the outcome.
 * @param {string} place the folder with the files
 * @param {number} calls the number of simultaneous calls
 */
const script = (place, calls) => `
  const { ClientTokenCredential, ClientTokenError } = require('.')
  const place = ${JSON.stringify(place)}
  const told = (error) => error instanceof ClientTokenError ? error.code + ' ' + (error.phase ?? '') : 'foreign ' + error
  const ask = (options, timeout) => new ClientTokenCredential({ tenantId: 'tenant', clientId: 'app', ...options })
    .getClientToken({ endpoint: 'api://x' }, { timeout }).then(({ token }) => token, told)
  const secret = { credential: 'clientSecret', clientSecret: 's', authorityHost: 'https://localhost:1/' }
  const tool = { credential: 'azureCli', clientId: undefined, tenantId: undefined }
  const withVariable = (name, options, timeout) => {
    process.env[name] = place + '/' + name
    const call = ask(options, timeout)
    delete process.env[name]
    return call
  }
  const all = async (ask) => (await Promise.all(Array.from({ length: ${calls} }, ask))).join()
  const main = async () => {
    const outcomes = {}
    outcomes.certificate = await all(() => ask({ credential: 'clientCertificate', certificatePath: place + '/certificate.pem' }, 1500))
    outcomes.tokenFile = await all(() => ask({ credential: 'workloadIdentity', tokenFilePath: place + '/token' }, 1500))
    outcomes.roots = await all(() => withVariable('NODE_EXTRA_CA_CERTS', secret, 1500))
    outcomes.profile = await all(() => withVariable('AZURE_CONFIG_DIR', tool, 5000))
    outcomes.many = (await Promise.all(Array.from({ length: 12 }, (_, number) =>
      ask({ credential: 'clientCertificate', certificatePath: place + '/many-' + number }, 1500)))).join()
    outcomes.other = await ask(secret, 60_000)
    outcomes.command = await ask({ ...tool, credential: 'command', program: '/bin/echo', arguments: ['a-token'] }, 60_000)
    console.log(JSON.stringify(outcomes))
  }
  main()
`

const environment = () => ({ PATH: `${path.join(folder, 'programs')}:${process.env.PATH}` })

/** @param {{ code: number | null, signal: string | null, stdout: string, stderr: string }} end */
function outcomesOf({ code, signal, stdout, stderr }) {
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

/** @param {string} outcome @param {number} count */
const times = (outcome, count) => Array(count).fill(outcome).join()

/** Calls that need none of the files work as usual: they look up a name, read roots and run a program. */
const unharmed = { other: 'ERR_NETWORK connect', command: 'a-token' }

test('a named pipe in place of a file is refused, and blocks no call and no process', { skip: process.platform === 'win32' && 'named pipes are not files on Windows' }, async () => {
  const place = path.join(folder, 'pipes')
  fs.mkdirSync(path.join(place, 'AZURE_CONFIG_DIR'), { recursive: true })
  const names = ['certificate.pem', 'token', 'NODE_EXTRA_CA_CERTS', 'AZURE_CONFIG_DIR/azureProfile.json', 'AZURE_CONFIG_DIR/config']
  assert.equal(spawnSync('mkfifo', names.map((name) => path.join(place, name))).status, 0)
  const child = spawn(process.execPath, ['-e', script(place, 2)], { cwd: root, env: bareEnvironment(environment()) })
  assert.deepEqual(outcomesOf(await ended(child)), {
    certificate: times('ERR_CONFIGURATION ', 2),
    tokenFile: times('ERR_CONFIGURATION ', 2),
    roots: times('ERR_NETWORK connect', 2),
    profile: times('a-token', 2),
    many: times('ERR_CONFIGURATION ', 12),
    ...unharmed
  })
})

describe('a file system that never answers', { skip: fuseMissing() }, () => {
  test('ends each call in time, and delays no other one and no end of the process', async () => {
    const place = path.join(folder, 'hung')
    fs.mkdirSync(place)
    const shell = `exec 5<>/dev/fuse && mount -i -t fuse -o fd=5,rootmode=40000,user_id=0,group_id=0 none ${place}`
    const outcomes = outcomesOf(await runInNamespace(script(place, 10), { environment: environment(), shell }))
    const late = times('ERR_TIMEOUT prepare', 10)
    assert.deepEqual(outcomes, { certificate: late, tokenFile: late, roots: late, profile: late, many: times('ERR_TIMEOUT prepare', 12), ...unharmed })
  })

  test('in /opt, where the agent of Azure Arc may be installed, delays managed identities alone, and blocks no event loop', { skip: inOpt() }, async () => {
    const shell = `exec 5<>/dev/fuse && mount -i -t fuse -o fd=5,rootmode=40000,user_id=0,group_id=0 none /opt`
    assert.deepEqual(outcomesOf(await runInNamespace(loginsScript, { environment: environment(), shell })), {
      clientSecret: 'ERR_NETWORK connect',
      command: 'a-token',
      managedIdentity: 'ERR_TIMEOUT prepare',
      chain: 'ERR_TIMEOUT prepare',
      explained: 'ERR_TIMEOUT',
    })
  })
})

/** Logs in by credentials of several kinds, and prints the outcomes. */
const loginsScript = `
  const { ClientTokenCredential, explain } = require('.')
  const told = (error) => error.code + ' ' + (error.phase ?? '')
  const ask = (options, timeout = 60_000) => new ClientTokenCredential(options)
    .getClientToken({ endpoint: 'api://x' }, { timeout }).then(({ token }) => token, told)
  const echo = { credential: 'command', program: '/bin/echo', arguments: ['a-token'] }
  const managedIdentity = { credential: 'managedIdentity' }
  const main = async () => console.log(JSON.stringify({
    clientSecret: await ask({ credential: 'clientSecret', tenantId: 'tenant', clientId: 'app', clientSecret: 's', authorityHost: 'https://localhost:1/' }),
    command: await ask(echo),
    managedIdentity: await ask(managedIdentity, 1000),
    chain: await ask({ credential: 'chain', chain: [managedIdentity, echo] }, 1000),
    explained: await (process.env.ARM_USE_MSI = 'true', explain({}, { timeout: 1000 })).then(({ error }) => error.code),
  }))
  main()
`

function inOpt() {
  const inside = [process.execPath, root].find((place) => fs.realpathSync(place).startsWith('/opt/'))
  return fuseMissing() || (!fs.existsSync('/opt') && 'there is no /opt') || (inside && `${inside} is in the folder that the test would hide`)
}

function fuseMissing() {
  const missing = namespaceMissing()
  if (missing) return missing
  const opened = spawnSync('sh', ['-c', 'exec 5<>/dev/fuse'])
  return opened.status !== 0 && 'needs /dev/fuse'
}
