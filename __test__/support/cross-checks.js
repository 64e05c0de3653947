// @ts-check
'use strict'

const { randomUUID } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')
const { startEmulator } = require('../../emulator')
const { startAdfs } = require('./adfs')
const { startOidcProvider } = require('./oidc-provider')

/**
 * Runs the services that verify assertions, for the tests of the Rust core: prints their addresses as one line of JSON, and runs until its
 * standard input ends.
 */
async function main() {
  const certificate = fs.readFileSync(path.join(__dirname, '../../crates/core/tests/certificates/leaf.crt'), 'utf8')
  const application = { tenantId: randomUUID(), clientId: randomUUID() }
  const emulator = await startEmulator({ applications: [{ certificates: [certificate] }] })
  const provider = await startOidcProvider({ ...application, certificate })
  const adfs = await startAdfs({ clientId: application.clientId, certificate })
  const { authorityHost, caCertificate, tenantId, clientId, clientSecret, githubOidc, azureDevops, workloadIdentity } = emulator
  process.stdin.resume().on('end', () => Promise.all([emulator.close(), provider.close(), adfs.close()]))
  const verifiers = {
    emulator: { authorityHost, caCertificate, tenantId, clientId, clientSecret, githubOidc, azureDevops, workloadIdentity },
    userToken: emulator.issueUserToken(),
    provider: { authorityHost: provider.authorityHost, caCertificate: provider.caCertificate, ...application },
    adfs: { authorityHost: adfs.authorityHost, caCertificate: adfs.caCertificate, tenantId: 'adfs', clientId: application.clientId }
  }
  process.stdout.write(`${JSON.stringify(verifiers)}\n`)
}

main()
