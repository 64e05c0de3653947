// @ts-check
'use strict'

// Which identity the command's option --credential leads to: its variables, and the options in their place.

const assert = require('node:assert/strict')
const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { claimsOf } = require('./support/claims')
const { runCommand } = require('./support/command')

const [OTHER, OTHER_SECRET, OTHER_TENANT] = [randomUUID(), 'the-other-secret', randomUUID()]

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'command-credentials-'))
before(async () => {
  emulator = await startEmulator({ tenants: [randomUUID(), OTHER_TENANT], applications: [{}, { clientId: OTHER, clientSecret: OTHER_SECRET }] })
})
after(async () => {
  await emulator.close()
  fs.rmSync(folder, { recursive: true })
})
beforeEach(() => emulator.resetCounters())

/** The whole groups of two applications. */
const groups = () => ({
  arm: { ARM_TENANT_ID: emulator.tenantId, ARM_CLIENT_ID: emulator.clientId, ARM_CLIENT_SECRET: emulator.clientSecret },
  azure: { AZURE_TENANT_ID: OTHER_TENANT, AZURE_CLIENT_ID: OTHER, AZURE_CLIENT_SECRET: OTHER_SECRET },
})

/** @param {string[]} words @param {Record<string, string>} environment */
const asked = (words, environment) =>
  runCommand(['token', ...words], { environment: { AZURE_AUTHORITY_HOST: emulator.authorityHost, NODE_EXTRA_CA_CERTS: emulator.caFile, ...environment } })

/** The application and the tenant of the token. @param {string[]} words @param {Record<string, string>} environment */
async function identity(words, environment) {
  const { stdout, stderr } = await asked(words, environment)
  assert.notEqual(stdout, '', stderr)
  const { appid, tid } = claimsOf(stdout.trim())
  return [appid, tid]
}

describe('the variables of one application', () => {
  test('are used, those of Pulumi first, and never with those of another one', async () => {
    const { arm, azure } = groups()
    const words = ['--credential', 'client-secret']
    const { AZURE_CLIENT_SECRET: _, ...idsOfWebhook } = azure
    assert.deepEqual(await identity(words, { ...arm, ...idsOfWebhook }), [emulator.clientId, emulator.tenantId])
    assert.deepEqual(await identity(words, { ...arm, ...azure }), [emulator.clientId, emulator.tenantId])
    assert.deepEqual(await identity(words, { ...azure, ...arm, ARM_CLIENT_SECRET: '' }), [OTHER, OTHER_TENANT])
  })

  test('are not completed with those of another one', async () => {
    const { arm, azure } = groups()
    const { ARM_CLIENT_ID: _, ...withoutId } = arm
    const { stdout, stderr } = await asked(['--credential', 'clientSecret'], { ...withoutId, ...azure })
    assert.deepEqual([stdout, stderr, emulator.counters.requests], ['', 'azure-client-token: --credential clientSecret needs more. Set --client-id or ARM_CLIENT_ID\n', 0])
    assert.deepEqual(await identity(['--credential', 'clientSecret', '--client-id', emulator.clientId], { ...withoutId, ...azure }), [emulator.clientId, emulator.tenantId])
  })

  test('are chosen by the certificate', async () => {
    const certificate = (/** @type {string} */ name) => ({ [`${name}_CLIENT_CERTIFICATE_PATH`]: `/nonexistent/${name}` })
    const { arm, azure } = groups()
    for (const [environment, used] of /** @type {const} */ ([[certificate('AZURE'), 'AZURE'], [{ ...certificate('ARM'), ...certificate('AZURE') }, 'ARM']])) {
      const { stderr } = await asked(['--credential', 'clientCertificate'], { ...arm, ...azure, ...environment })
      assert.ok(stderr.includes(`/nonexistent/${used}`), stderr)
    }
    const { stderr } = await asked(['--credential', 'clientCertificate'], { ...azure, ...certificate('ARM') })
    assert.match(stderr, /Set --tenant or ARM_TENANT_ID, and --client-id or ARM_CLIENT_ID\n/)
  })
})

describe('oidc', () => {
  const words = ['--credential', 'oidc']

  test('has the ids of the group whose token is set, those of Pulumi first', async () => {
    const { arm, azure } = groups()
    const { tokenFile } = emulator.workloadIdentity
    const used = [emulator.clientId, emulator.tenantId]
    assert.deepEqual(await identity(words, { ...arm, ...azure, ARM_OIDC_TOKEN_FILE_PATH: tokenFile, AZURE_FEDERATED_TOKEN_FILE: '/nonexistent' }), used)
    assert.deepEqual(await identity(words, { ...arm, ...azure, ARM_OIDC_TOKEN: fs.readFileSync(tokenFile, 'utf8').trim() }), used)
    const swapped = { ARM_TENANT_ID: OTHER_TENANT, ARM_CLIENT_ID: OTHER, AZURE_TENANT_ID: emulator.tenantId, AZURE_CLIENT_ID: emulator.clientId }
    assert.deepEqual(await identity(words, { ...swapped, AZURE_FEDERATED_TOKEN_FILE: tokenFile }), used)
  })

  test('has the token of GitHub Actions for either group', async () => {
    const { requestUrl, requestToken } = emulator.githubOidc
    const job = { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken }
    const { tenantId, clientId } = emulator
    const used = [clientId, tenantId]
    assert.deepEqual(await identity(words, { ...job, ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId, AZURE_CLIENT_ID: OTHER }), used)
    assert.deepEqual(await identity(words, { ...job, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId }), used)
    // A runner on Kubernetes has an identity of its own.
    const ofPod = { AZURE_TENANT_ID: OTHER_TENANT, AZURE_CLIENT_ID: OTHER, AZURE_FEDERATED_TOKEN_FILE: '/nonexistent' }
    assert.deepEqual(await identity(words, { ...job, ...ofPod, ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId }), used)
  })

  test('sends the token of a pair of variables to no address of another pair', async () => {
    const { requestUrl, requestToken } = emulator.githubOidc
    const { arm } = groups()
    const ofJob = { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken }
    assert.deepEqual(await identity(words, { ...arm, ...ofJob, ARM_OIDC_REQUEST_URL: `${emulator.authorityHost}elsewhere` }), [emulator.clientId, emulator.tenantId])
    assert.ok(emulator.requests.every(({ path }) => !path.includes('elsewhere')))
    const { stdout, stderr, code } = await asked(words, { ...arm, ARM_OIDC_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken })
    assert.deepEqual([stdout, code], ['', 2])
    assert.match(stderr, /^azure-client-token: --credential oidc needs more\. Set ARM_OIDC_TOKEN_FILE_PATH or /)
  })
})

describe('a managed identity', () => {
  /** The ids that App Service was asked for. @param {string[]} words @param {Record<string, string>} [environment] @param {string} [command] */
  async function ids(words, environment, command = 'token') {
    const host = emulator.managedIdentity.appService.environment
    const { stdout, stderr } = await runCommand([command, ...words], { environment: { ...host, ...environment } })
    assert.notEqual(stdout, '', stderr)
    const asked = emulator.requests.filter(({ service }) => service === 'appService').map(({ query }) => query.client_id)
    emulator.resetCounters()
    return asked
  }
  const words = ['--credential', 'managedIdentity']

  test('is the one that an option or a variable names, in this order', async () => {
    const [{ clientId }] = emulator.managedIdentity.userAssigned
    assert.deepEqual(await ids([...words, '--client-id', clientId], { AZURE_CLIENT_ID: OTHER, ARM_CLIENT_ID: OTHER }), [clientId])
    assert.deepEqual(await ids(words, { AZURE_CLIENT_ID: clientId, ARM_CLIENT_ID: OTHER }), [clientId])
    assert.deepEqual(await ids(words, { AZURE_CLIENT_ID: '', ARM_CLIENT_ID: clientId }), [clientId])
    assert.deepEqual(await ids(words), [undefined])
  })

  test('is the system-assigned one with an empty option', async () => {
    for (const empty of [['--client-id', ''], ['--client-id=']]) {
      assert.deepEqual(await ids([...words, ...empty], { AZURE_CLIENT_ID: OTHER, ARM_CLIENT_ID: OTHER }), [undefined])
    }
  })

  test('is that of kubectl\'s environment', async () => {
    const [{ clientId }] = emulator.managedIdentity.userAssigned
    assert.deepEqual(await ids(words, { AZURE_CLIENT_ID: clientId }, 'kubectl'), [clientId])
  })
})

describe('an option that names another identity or tenant', () => {
  test('is refused by a credential that has no client id', async () => {
    const { arm } = groups()
    for (const words of [[], ['--credential', 'default'], ['--credential', 'azureCli'], ['--credential', 'pulumi']]) {
      const { code, stdout, stderr } = await asked([...words, '--client-id', OTHER], arm)
      assert.deepEqual([code, stdout, emulator.counters.requests], [2, '', 0], words.join())
      assert.equal(stderr, 'azure-client-token: --client-id is for --credential clientSecret, clientCertificate, oidc, workloadIdentity, managedIdentity, environment. Name one of them, or set AZURE_CLIENT_ID in place of the option\n')
    }
  })

  test('is used by a chain with a member that has one', async () => {
    const { azure } = groups()
    const { AZURE_CLIENT_ID: _, ...others } = azure
    assert.deepEqual(await identity(['--credential', 'environment', '--credential', 'azureCli', '--client-id', OTHER], others), [OTHER, OTHER_TENANT])
  })

  test('decides for a credential that reads the environment as well', async () => {
    const { azure, arm } = groups()
    const allowed = { AZURE_ADDITIONALLY_ALLOWED_TENANTS: emulator.tenantId }
    const words = ['--tenant', emulator.tenantId]
    assert.deepEqual(await identity([...words, '--credential', 'default'], { ...azure, ...allowed }), [OTHER, emulator.tenantId])
    const refused = await asked(['--tenant', OTHER_TENANT, '--credential', 'pulumi'], arm)
    assert.deepEqual([refused.code, refused.stdout], [2, ''])
  })

  test('is not listed by whoami, which has the current login', async () => {
    assert.doesNotMatch((await runCommand(['whoami', '--help'])).stdout, /--client-id/)
  })
})
