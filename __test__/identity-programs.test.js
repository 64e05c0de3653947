// @ts-check
'use strict'

// Programs as users of @azure/identity write them: compiled and run against it, and against azure-client-token/identity with
// nothing but the import changed. Both print a token of the same application, for the same resource.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../emulator')
const { createClientCertificate } = require('../emulator/certificates')
const { bareEnvironment } = require('./support/environment')

const run = promisify(execFile)
const programs = path.join(__dirname, 'identity-programs')
/** Inside the checkout, where both packages are found by their names. */
const folder = path.join(__dirname, '..', '.cache', 'identity-programs')
const packages = /** @type {const} */ (['@azure/identity', 'azure-client-token/identity'])
const names = fs.readdirSync(programs).map((file) => path.basename(file, '.ts'))

/** The resource of the token that each program prints. */
const RESOURCES = {
  default: 'https://vault.azure.net',
  applications: 'https://vault.azure.net',
  secret: 'https://graph.microsoft.com',
  certificate: 'https://vault.azure.net',
  assertion: 'https://management.azure.com',
  chain: 'https://cognitiveservices.azure.com',
  'managed-identity': 'https://storage.azure.com',
  'user-assigned': 'https://vault.azure.net',
  pipeline: 'https://management.azure.com',
}

describe('programs written for @azure/identity', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  /** @type {Record<string, string>} */
  let environment

  before(async () => {
    const { certificate, privateKey } = await createClientCertificate()
    emulator = await startEmulator({ applications: [{ certificates: [certificate] }] })
    for (const name of packages) write(name)
    const file = path.join(folder, 'client.pem')
    fs.writeFileSync(file, `${privateKey}\n${certificate}`, { mode: 0o600 })
    environment = environmentOf(emulator, file)
  })
  after(() => emulator?.close())

  test('each has a resource to look for', () => {
    assert.deepEqual(names.sort(), Object.keys(RESOURCES).sort())
  })

  for (const name of packages) {
    test(`compile against ${name}`, async () => {
      const files = names.map((one) => path.join(placeOf(name), `${one}.ts`))
      const options = ['--strict', '--target', 'es2022', '--module', 'node16', '--types', 'node', '--skipLibCheck']
      await run(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, ...files]).catch(({ stdout }) => assert.fail(stdout))
    })
  }

  for (const [program, resource] of Object.entries(RESOURCES)) {
    test(`${program} gets the same token from both`, async () => {
      const [theirs, ours] = [await claims(packages[0], program), await claims(packages[1], program)]
      assert.equal(theirs.aud, resource)
      assert.deepEqual(ours, theirs)
    })
  }

  /** @param {typeof packages[number]} name @param {string} program */
  async function claims(name, program) {
    const own = program === 'managed-identity' || program === 'user-assigned' ? environmentOfHost(emulator.managedIdentity) : environment
    const env = bareEnvironment({ NODE_EXTRA_CA_CERTS: emulator.caFile, HOME: folder, ...own })
    const { stdout } = await run(process.execPath, [path.join(placeOf(name), `${program}.js`)], { env, timeout: 60_000 })
    const { aud, appid, upn } = JSON.parse(Buffer.from(stdout.split('.')[1], 'base64url').toString())
    return { aud, appid, upn }
  }
})

/** @param {typeof packages[number]} name */
function placeOf(name) {
  return path.join(folder, name === '@azure/identity' ? 'theirs' : 'ours')
}

/** @param {typeof packages[number]} name */
function write(name) {
  fs.rmSync(placeOf(name), { recursive: true, force: true })
  fs.mkdirSync(placeOf(name), { recursive: true })
  for (const program of names) {
    const text = fs.readFileSync(path.join(programs, `${program}.ts`), 'utf8')
    fs.writeFileSync(path.join(placeOf(name), `${program}.ts`), text.replace("'@azure/identity'", `'${name}'`))
  }
}

/** @param {import('../emulator').Emulator['managedIdentity']} managedIdentity */
function environmentOfHost({ appService, userAssigned: [{ clientId, resourceId }] }) {
  return { ...appService.environment, IDENTITY_CLIENT_ID: clientId, IDENTITY_RESOURCE_ID: resourceId ?? '' }
}

/**
 * @param {import('../emulator').Emulator} emulator
 * @param {string} certificate
 */
function environmentOf({ tenantId, clientId, clientSecret, authorityHost, workloadIdentity, azureDevops, issueUserToken }, certificate) {
  return {
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_AUTHORITY_HOST: authorityHost,
    CERTIFICATE: certificate,
    TOKEN_FILE: workloadIdentity.tokenFile,
    USER_TOKEN: issueUserToken({ user: 'anyone@contoso.example' }),
    SERVICE_CONNECTION_ID: azureDevops.serviceConnectionId,
    SYSTEM_ACCESSTOKEN: azureDevops.accessToken,
    SYSTEM_OIDCREQUESTURI: azureDevops.requestUrl,
  }
}
