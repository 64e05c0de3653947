// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { describe, test } = require('node:test')
const { IMDS_ADDRESS, namespaceMissing, runInNamespace } = require('./support/namespace')

// Server and client both run in the namespace: the address is a constant of the client, and no request to it may leave the machine.
const SCRIPT = `
  const { startEmulator } = require('./emulator')
  const { ManagedIdentityCredential } = require('@azure/identity')
  async function main() {
    const emulator = await startEmulator({ managedIdentity: { imds: { host: '${IMDS_ADDRESS}', port: 80 } } })
    const { token } = await new ManagedIdentityCredential().getToken('https://management.azure.com/.default')
    const { systemAssigned } = emulator.managedIdentity
    const asked = emulator.requests.map(({ service, headers }) => [service, headers.host])
    console.log(JSON.stringify({ token, clientId: systemAssigned.clientId, asked }))
    await emulator.close()
    process.exit()
  }
  main()`

describe('IMDS at its real address', { skip: namespaceMissing() }, () => {
  test('@azure/identity finds the emulator there, without any setting', async () => {
    const { decodeJwt } = await import('jose')
    const { stdout, stderr } = await runInNamespace(SCRIPT, { addresses: [IMDS_ADDRESS] })
    const { token, clientId, asked } = JSON.parse(stdout || assert.fail(stderr))
    assert.equal(decodeJwt(token).appid, clientId)
    assert.deepEqual(asked, [['imds', IMDS_ADDRESS]])
  })
})
