// @ts-check
'use strict'

// Runs each program of examples/credentials as a user does, with the emulator and stand-ins for tools.

const assert = require('node:assert/strict')
const { execFile, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const { createServer } = require('node:http')
const path = require('node:path')
const { createInterface } = require('node:readline')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../emulator')
const { bareEnvironment } = require('./support/environment')
const { createStandIns } = require('./support/stand-in')

const run = promisify(execFile)
const examples = path.join(__dirname, '..', 'examples', 'credentials')
const certificates = path.join(__dirname, '..', 'crates', 'core', 'tests', 'certificates')
const skipTools = process.platform === 'win32' && 'the stand-ins are POSIX shell scripts'

const AN_HOUR_LATER = Math.floor(Date.now() / 1000) + 3600
const UNTIL = `until ${new Date(AN_HOUR_LATER * 1000).toISOString()}`
const UNUSED = 'http://127.0.0.1:9'
const SECOND = { id: 'b-2', name: 'Second', isDefault: false, environmentName: 'AzureCloud' }

/** @type {import('../emulator').Emulator} */
let emulator
const standIns = createStandIns()
before(async () => {
  const certificate = fs.readFileSync(path.join(certificates, 'leaf.crt'), 'utf8')
  emulator = await startEmulator({ applications: [{ certificates: [certificate] }] })
})
after(async () => {
  standIns.remove()
  await emulator.close()
})

/**
 * What each example prints if it works, and if something is missing. An example without a row here fails the last test.
 * @type {Record<string, { works: () => Promise<void>, fails: () => Promise<void>, usesTools?: boolean }>}
 */
const expectations = {
  'client-secret.js': {
    works: () => prints('client-secret.js', application(), `a token by clientSecret of tenant ${emulator.tenantId}`),
    fails: () => says('client-secret.js', application({ APP_CLIENT_SECRET: 'wrong' }), [/AADSTS7000215/, /#client-secret\b/])
  },
  'client-certificate.js': {
    works: () => prints('client-certificate.js', byCertificate(), `a token by clientCertificate of tenant ${emulator.tenantId}`, [
      path.join(certificates, 'encrypted-aes256.pem')
    ]),
    fails: () => says('client-certificate.js', byCertificate({ APP_CERTIFICATE_PASSWORD: 'wrong' }), [/its password is wrong/, /#client-certificate\b/], [
      path.join(certificates, 'encrypted-aes256.pem')
    ])
  },
  'client-assertion.js': {
    works: () => withIdentityService(200, (address) =>
      prints('client-assertion.js', application(), `a token by clientAssertion of tenant ${emulator.tenantId}`, [address])),
    fails: () => withIdentityService(503, (address) =>
      says('client-assertion.js', application(), [/#client-assertion/, /answered with status 503/], [address]))
  },
  'oidc.js': {
    works: () => prints('oidc.js', inActions(), `a token by oidc of tenant ${emulator.tenantId}`),
    fails: () => says('oidc.js', inActions({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' }), [/GitHub OIDC: 401/, /id-token: write/, /#oidc\b/])
  },
  'workload-identity.js': {
    works: () => prints('workload-identity.js', inPod(), `a token by workloadIdentity of tenant ${emulator.tenantId}`),
    fails: () => says('workload-identity.js', {}, [/not configured here/, /#workload-identity\b/])
  },
  'managed-identity.js': {
    async works() {
      const { environment } = emulator.managedIdentity.appService
      assert.match(await printed('managed-identity.js', environment), /^a token by managedIdentity until 20/)
      const [{ clientId }] = emulator.managedIdentity.userAssigned
      assert.match(await printed('managed-identity.js', environment, [clientId]), /^a token by managedIdentity until 20/)
      assert.equal(emulator.requests.at(-1)?.query?.client_id, clientId)
    },
    fails: () => says('managed-identity.js', { AZURE_POD_IDENTITY_AUTHORITY_HOST: UNUSED }, [/no managed identity here/, /#managed-identity\b/])
  },
  'azure-cli.js': {
    usesTools: true,
    async works() {
      standIns.install('az', { stdout: azToken() })
      fs.writeFileSync(path.join(standIns.folder, 'azureProfile.json'), JSON.stringify({ subscriptions: [SECOND] }))
      const environment = { ...atDesk(), AZURE_CONFIG_DIR: standIns.folder }
      await prints('azure-cli.js', environment, `a token by azureCli of tenant ${emulator.tenantId}`, ['Second'])
      assert.match(standIns.runs('az').at(-1) ?? '', /--subscription Second$/)
    },
    fails: () => says('azure-cli.js', atDesk(), [/not installed/, /az login/, /#azure-cli\b/])
  },
  'azure-developer-cli.js': {
    usesTools: true,
    async works() {
      standIns.install('azd', { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn: new Date(AN_HOUR_LATER * 1000).toISOString() }) })
      await prints('azure-developer-cli.js', atDesk(), `a token by azureDeveloperCli ${UNTIL}`, ['contoso.example'])
      assert.match(standIns.runs('azd').at(-1) ?? '', /--tenant-id contoso\.example$/)
    },
    fails: () => says('azure-developer-cli.js', atDesk(), [/azd auth login/, /#azure-developer-cli\b/])
  },
  'azure-powershell.js': {
    usesTools: true,
    async works() {
      standIns.install('pwsh', { stdout: JSON.stringify({ token: 'ey.pwsh.token', expiresOn: AN_HOUR_LATER, tenantId: emulator.tenantId }) })
      await prints('azure-powershell.js', atDesk(), `a token by azurePowerShell of tenant ${emulator.tenantId}`)
    },
    fails: () => says('azure-powershell.js', atDesk(), [/Connect-AzAccount/, /#azure-powershell\b/])
  },
  'on-behalf-of.js': {
    works: () => withServer(async (address) => {
      const answer = await fetch(address, { headers: { authorization: `Bearer ${emulator.issueUserToken()}` } })
      assert.match(await answer.text(), /^a token by onBehalfOf until 20/)
      assert.equal(answer.status, 200)
    }),
    fails: () => withServer(async (address) => {
      const answer = await fetch(address, { headers: { authorization: 'Bearer another.users.token' } })
      assert.match(await answer.text(), /AADSTS50013/)
      assert.deepEqual([answer.status, answer.headers.get('www-authenticate')], [401, 'Bearer realm=""'])
    })
  },
  'command.js': {
    usesTools: true,
    async works() {
      standIns.install('give-token', { stdout: JSON.stringify({ token: 'ey.own.token', expiresOn: AN_HOUR_LATER }) })
      await prints('command.js', atDesk(), `a token by command ${UNTIL}`, ['give-token'])
      assert.equal(standIns.runs('give-token').at(-1), '--scope https://vault.azure.net/.default')
    },
    async fails() {
      standIns.install('give-token', { exit: 3, stderr: 'the vault is closed\n' })
      await says('command.js', atDesk(), [/status 3: the vault is closed/, /#command\b/], ['give-token'])
    }
  },
  'environment.js': {
    works: () => prints('environment.js', servicePrincipal(), `a token by clientSecret of tenant ${emulator.tenantId}`),
    fails: () => says('environment.js', {}, [/names no service principal/, /#environment\b/])
  },
  'pulumi.js': {
    works: () => prints('pulumi.js', emulator.environment(), `a token by clientSecret of tenant ${emulator.tenantId}`),
    fails: () => says('pulumi.js', { ARM_CLIENT_SECRET: 'x' }, [/A Tenant ID must be configured/, /#client-secret\b/])
  },
  'default.js': {
    usesTools: true,
    async works() {
      standIns.install('azd', { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn: AN_HOUR_LATER }) })
      const lines = (await printed('default.js', { ...atDesk(), AZURE_TOKEN_CREDENTIALS: 'dev' })).split('\n')
      assert.match(lines[0], /^azureCli unavailable: the Azure CLI is not installed/)
      assert.equal(lines[1], 'azureDeveloperCli used: a token')
    },
    fails: () => says('default.js', {}, [/AZURE_TOKEN_CREDENTIALS/, /#default-chain\b/])
  },
  'chain.js': {
    usesTools: true,
    async works() {
      assert.match(await printed('chain.js', emulator.managedIdentity.appService.environment), /^a token by managedIdentity until 20/)
      standIns.install('az', { stdout: azToken() })
      await prints('chain.js', offAzure(), `a token by azureCli ${UNTIL}`)
    },
    fails: () => says('chain.js', offAzure(), [/no managed identity here/, /the Azure CLI is not installed/, /#chain\b/])
  }
}

for (const [name, { works, fails, usesTools }] of Object.entries(expectations)) {
  describe(`examples/credentials/${name}`, { skip: usesTools && skipTools }, () => {
    before(() => standIns.clear())
    test('gets a token', works)
    test('says what is wrong', () => {
      standIns.clear()
      return fails()
    })
  })
}

test('every kind of credential has its example, and every example its test', () => {
  const declared = fs.readFileSync(path.join(examples, '..', '..', 'index.d.ts'), 'utf8')
  const kinds = [...declared.matchAll(/credential: '(\w+)'/g)].map(([, kind]) => kind)
  const files = fs.readdirSync(examples)
  assert.deepEqual(files.sort(), Object.keys(expectations).sort())
  const shown = files.map((file) => fs.readFileSync(path.join(examples, file), 'utf8'))
  for (const kind of new Set(kinds)) {
    assert.ok(shown.some((program) => program.includes(`ClientTokenCredential({ credential: '${kind}'`) || program.includes(`  credential: '${kind}',`)), kind)
  }
})

/** @param {Record<string, string>} [changes] */
function application(changes) {
  const { tenantId, clientId, clientSecret, authorityHost, caFile } = emulator
  const own = { APP_TENANT_ID: tenantId, APP_CLIENT_ID: clientId, APP_CLIENT_SECRET: clientSecret }
  return { ...own, AZURE_AUTHORITY_HOST: authorityHost, NODE_EXTRA_CA_CERTS: caFile, ...changes }
}

/** @param {Record<string, string>} [changes] */
function byCertificate(changes) {
  return application({ APP_CERTIFICATE_PASSWORD: 'hunter2', ...changes })
}

/** @param {Record<string, string>} [changes] */
function inActions(changes) {
  const { requestUrl, requestToken } = emulator.githubOidc
  const job = { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken }
  return application({ ...job, ...changes })
}

function servicePrincipal() {
  const { tenantId, clientId, clientSecret } = emulator
  return application({ AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret })
}

function inPod() {
  const { tenantId, clientId, workloadIdentity } = emulator
  const pod = { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_FEDERATED_TOKEN_FILE: workloadIdentity.tokenFile }
  return application(pod)
}

/** A developer's machine whose only tools are the stand-ins. */
function atDesk() {
  return { PATH: standIns.searchPath }
}

function offAzure() {
  return { ...atDesk(), AZURE_POD_IDENTITY_AUTHORITY_HOST: UNUSED }
}

function azToken() {
  return JSON.stringify({ accessToken: 'ey.az.token', expires_on: AN_HOUR_LATER, tenant: emulator.tenantId, tokenType: 'Bearer' })
}

/**
 * @param {string} name
 * @param {Record<string, string>} environment
 * @param {string[]} [parameters]
 */
async function printed(name, environment, parameters = []) {
  const env = bareEnvironment(environment)
  const { stdout } = await run(process.execPath, [path.join(examples, name), ...parameters], { env, timeout: 30_000 })
  return stdout
}

/**
 * @param {string} name
 * @param {Record<string, string>} environment
 * @param {string} line the whole output
 * @param {string[]} [parameters]
 */
async function prints(name, environment, line, parameters) {
  assert.equal(await printed(name, environment, parameters), `${line}\n`)
}

/**
 * @param {string} name
 * @param {Record<string, string>} environment
 * @param {RegExp[]} words patterns of its standard error
 * @param {string[]} [parameters]
 */
async function says(name, environment, words, parameters) {
  const failure = await printed(name, environment, parameters).then(() => assert.fail('a token came'), (error) => error)
  assert.equal(failure.code, 1, failure.message)
  for (const word of words) assert.match(failure.stderr, word)
}

/**
 * A service that answers the program's request for an assertion with this status.
 * @param {number} status
 * @param {(address: string) => Promise<void>} use
 */
async function withIdentityService(status, use) {
  const server = createServer((_request, answer) => answer.writeHead(status).end(emulator.issueAssertion()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  await use(`http://127.0.0.1:${port}/`).finally(() => server.close())
}

/**
 * The server that calls another API on behalf of its users.
 * @param {(address: string) => Promise<void>} use
 */
async function withServer(use) {
  const env = bareEnvironment(application({ PORT: '0' }))
  const server = spawn(process.execPath, [path.join(examples, 'on-behalf-of.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      const port = /port: (\d+)/.exec(line)?.[1]
      if (port) return await use(`http://127.0.0.1:${port}/`)
    }
    assert.fail('the server does not listen')
  } finally {
    server.kill()
  }
}
