// @ts-check
'use strict'

// Programs as users of @azure/identity write them: compiled and run with it, and with azure-client-token/identity, with only the import
// changed. Both print a token of the same application for the same resource.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../emulator')
const { createClientCertificate } = require('../emulator/certificates')
const { bareEnvironment } = require('./support/environment')
const { RESOURCES, claimsOf, loginOf, names, writePrograms } = require('./support/identity-programs')

const run = promisify(execFile)
/** Inside the checkout, where both packages resolve by their names. */
const folder = path.join(__dirname, '..', '.cache', 'identity-programs')
const application = path.join(folder, 'client.pem')
const packages = /** @type {const} */ (['@azure/identity', 'azure-client-token/identity'])

describe('programs written for @azure/identity', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator

  before(async () => {
    const { certificate, privateKey } = await createClientCertificate()
    emulator = await startEmulator({ applications: [{ certificates: [certificate] }] })
    for (const name of packages) writePrograms(placeOf(name), name)
    fs.writeFileSync(application, `${privateKey}\n${certificate}`, { mode: 0o600 })
  })
  after(() => emulator?.close())

  test('each has a resource to ask for', () => {
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
    const env = bareEnvironment({ NODE_EXTRA_CA_CERTS: emulator.caFile, HOME: folder, ...loginOf(program, emulator, application) })
    const { stdout } = await run(process.execPath, [path.join(placeOf(name), `${program}.js`)], { env, timeout: 60_000 })
    const { aud, appid, upn } = claimsOf(stdout)
    return { aud, appid, upn }
  }
})

/** @param {typeof packages[number]} name */
function placeOf(name) {
  return path.join(folder, name === '@azure/identity' ? 'theirs' : 'ours')
}
