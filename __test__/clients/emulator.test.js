// @ts-check
'use strict'

// Unmodified clients of other languages log in to the emulator, with documented settings only: they accept only what Entra ID answers. The
// test installs them from their own registries, which takes minutes: `npm run test:clients`.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const { after, before, beforeEach, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { installAz, installGoClient, installPythonClient } = require('./install')

const run = promisify(execFile)
const SCOPE = 'https://graph.microsoft.com/.default'

/** @type {import('../../emulator').Emulator} */
let emulator

before(async () => {
  emulator = await startEmulator()
})
beforeEach(() => emulator.resetCounters())
after(() => emulator.close())

/** The settings of the default application that each client reads. */
function application() {
  const { authorityHost, tenantId, clientId, clientSecret, caFile } = emulator
  return {
    AZURE_AUTHORITY_HOST: authorityHost,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    SSL_CERT_FILE: caFile,
    REQUESTS_CA_BUNDLE: caFile,
  }
}

/** The variables that AKS sets for a pod. */
function pod() {
  const { AZURE_CLIENT_SECRET: _, ...others } = application()
  return { ...others, AZURE_FEDERATED_TOKEN_FILE: emulator.workloadIdentity.tokenFile }
}

/** @param {string} token @param {Record<string, unknown>} expected */
async function assertIssued(token, expected) {
  const keys = await run('curl', ['-s', '--cacert', emulator.caFile, `${emulator.authorityHost}${emulator.tenantId}/discovery/v2.0/keys`])
  const { createLocalJWKSet, jwtVerify } = await import('jose')
  const { payload } = await jwtVerify(token, createLocalJWKSet(JSON.parse(keys.stdout)), { audience: 'https://graph.microsoft.com' })
  for (const [claim, value] of Object.entries(expected)) assert.equal(payload[claim], value, claim)
}

/**
 * @param {string} client
 * @param {() => Promise<{ command: string, parameters: string[] } | { missing: string }>} install
 */
function describeClient(client, install) {
  describe(client, () => {
    /** @type {{ command: string, parameters: string[] }} */
    let program
    /** @type {string | undefined} */
    let missing
    before(async () => {
      const installed = await install()
      if ('missing' in installed) missing = installed.missing
      else program = installed
    }, { timeout: 600_000 })

    /** @type {[string, () => Record<string, string>, () => Record<string, unknown>][]} */
    const LOGINS = [
      ['environment', application, () => ({ appid: emulator.clientId, tid: emulator.tenantId })],
      ['workloadIdentity', pod, () => ({ appid: emulator.clientId, tid: emulator.tenantId })],
      ['managedIdentity', () => emulator.managedIdentity.appService.environment, () => ({ oid: emulator.managedIdentity.systemAssigned?.objectId })],
    ]
    for (const [kind, environment, claims] of LOGINS) {
      test(`gets a token by ${kind}`, async (context) => {
        if (missing) return context.skip(missing)
        const { stdout } = await run(program.command, [...program.parameters, kind, SCOPE], { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment() }, timeout: 60_000 })
        await assertIssued(stdout.trim(), claims())
      })
    }
  })
}

describeClient('azidentity for Go', installGoClient)
describeClient('azure-identity for Python', installPythonClient)

describe('the Azure CLI', () => {
  test('logs in as a service principal and gets a token', { timeout: 900_000 }, async (context) => {
    const installed = await installAz()
    if ('missing' in installed) return context.skip(installed.missing)
    const az = (/** @type {string[]} */ ...parameters) => run(installed.command, [...installed.parameters, ...parameters], { env: installed.environment(emulator), timeout: 120_000 })
    await az('cloud', 'register', '--name', 'Emulator', ...installed.endpoints(emulator))
    await az('cloud', 'set', '--name', 'Emulator')
    const { clientId, clientSecret, tenantId } = emulator
    await az('login', '--service-principal', '--username', clientId, `--password=${clientSecret}`, '--tenant', tenantId, '--allow-no-subscriptions')
    const { stdout } = await az('account', 'get-access-token', '--scope', SCOPE, '--tenant', tenantId, '--output', 'json')
    await assertIssued(JSON.parse(stdout).accessToken, { appid: clientId, tid: tenantId })
  })
})
