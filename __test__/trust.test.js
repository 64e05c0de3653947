// @ts-check
'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { issueServerCertificate } = require('../emulator/certificates')
const { ClientTokenCredential, getClientToken } = require('..')
const { logIn } = require('./support/login')
const { namespaceMissing, runInNamespace } = require('./support/namespace')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {string} */
let folder
/** Files: the authority of the identity service, another one, and none at all. @type {Record<'own' | 'other' | 'none', string>} */
let files

before(async () => {
  emulator = await startEmulator()
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trust-'))
  files = { own: emulator.caFile, other: path.join(folder, 'other.pem'), none: path.join(folder, 'none.pem') }
  fs.writeFileSync(files.other, (await issueServerCertificate()).caCertificate)
  fs.writeFileSync(files.none, 'no certificate')
})
after(async () => {
  await emulator.close()
  fs.rmSync(folder, { recursive: true })
})

beforeEach(() => trusting({}))

/** @param {Record<string, string>} variables */
function trusting(variables) {
  const { NODE_EXTRA_CA_CERTS: _, ...login } = emulator.environment()
  logIn({ ...login, ...variables })
}

/** @param {Promise<unknown>} call @returns {Promise<any>} */
async function refusalOf(call) {
  const error = await call.then(() => assert.fail('a token came'), (reason) => reason)
  assert.deepEqual([error.code, error.phase, error.retryable], ['ERR_NETWORK', 'tls', false], error.message)
  return error
}

/** @param {object} options */
function credential(options) {
  const { tenantId, clientId, clientSecret, authorityHost } = emulator
  return new ClientTokenCredential({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ...options })
}

describe('an authority is trusted', () => {
  test('that SSL_CERT_FILE has', async () => {
    trusting({ SSL_CERT_FILE: files.own })
    assert.ok((await getClientToken()).token)
  })

  test('that a folder of SSL_CERT_DIR has', async () => {
    const own = path.join(folder, 'folder')
    fs.mkdirSync(own)
    fs.copyFileSync(files.own, path.join(own, '01234567.0'))
    trusting({ SSL_CERT_DIR: [path.join(folder, 'nowhere'), own].join(path.delimiter) })
    assert.ok((await getClientToken()).token)
  })

  test('that NODE_EXTRA_CA_CERTS adds to SSL_CERT_FILE', async () => {
    trusting({ SSL_CERT_FILE: files.other, NODE_EXTRA_CA_CERTS: files.own })
    assert.ok((await getClientToken()).token)
  })

  test('that the option ca adds to both, as text, as bytes, and among others', async () => {
    trusting({ SSL_CERT_FILE: files.other, NODE_EXTRA_CA_CERTS: files.none })
    const [own, other] = [fs.readFileSync(files.own, 'utf8'), fs.readFileSync(files.other)]
    for (const [number, ca] of [own, Buffer.from(own), [other, own]].entries()) {
      assert.ok((await credential({ ca }).getToken(`api://ca-${number}/.default`)).token)
    }
  })

  test('whatever else cannot be read', async () => {
    trusting({ SSL_CERT_FILE: files.own, NODE_EXTRA_CA_CERTS: '/nowhere/extra.pem' })
    assert.ok((await getClientToken()).token)
  })
})

describe('an authority is not trusted', () => {
  test('that none of the sources has, each of which is named', async () => {
    trusting({ SSL_CERT_FILE: files.other, NODE_EXTRA_CA_CERTS: files.other })
    const { message } = await refusalOf(credential({ ca: fs.readFileSync(files.other) }).getClientToken())
    assert.ok(message.includes(`Trusted are: SSL_CERT_FILE (${files.other}), NODE_EXTRA_CA_CERTS (${files.other}), the option ca.`), message)
    assert.match(message, /issued by "Local identity emulator CA"/)
  })

  test('because of a file that cannot be read, or has no certificate, and that is named', async () => {
    trusting({ NODE_EXTRA_CA_CERTS: '/nowhere/extra.pem' })
    assert.match((await refusalOf(getClientToken())).message, /NODE_EXTRA_CA_CERTS \(\/nowhere\/extra\.pem\): .*No such file/)
    trusting({ NODE_EXTRA_CA_CERTS: files.none })
    assert.match((await refusalOf(getClientToken())).message, /NODE_EXTRA_CA_CERTS \(.*none\.pem\): no certificate in it that can be used/)
    const { message } = await refusalOf(credential({ ca: 'no certificate' }).getToken('api://another/.default'))
    assert.match(message, /the option ca: no certificate in it that can be used/)
  })
})

describe("the system's store", { skip: namespaceMissing() }, () => {
  // A machine of its own, whose store has nothing but the authority of the identity service.
  const script = `
    const { startEmulator } = require('./emulator')
    const { clearCache, getClientToken } = require('.')
    const fs = require('node:fs')
    async function main() {
      const emulator = await startEmulator()
      const { NODE_EXTRA_CA_CERTS, ...login } = emulator.environment()
      Object.assign(process.env, login)
      fs.mkdirSync('/etc/ssl/certs', { recursive: true })
      fs.copyFileSync(NODE_EXTRA_CA_CERTS, '/etc/ssl/certs/ca-certificates.crt')
      const told = () => getClientToken().then(({ token }) => ({ token: token.length > 0 }), ({ message }) => ({ message }))
      const alone = await told()
      clearCache()
      process.env.SSL_CERT_FILE = process.env.OTHER
      const replaced = await told()
      console.log(JSON.stringify({ alone, replaced }))
      process.exit()
    }
    main()`

  test('is trusted, and replaced by SSL_CERT_FILE', async () => {
    const shell = 'mount -t tmpfs none /etc/ssl'
    const { stdout, stderr } = await runInNamespace(script, { environment: { OTHER: files.other }, shell })
    const { alone, replaced } = JSON.parse(stdout || assert.fail(stderr))
    assert.deepEqual(alone, { token: true })
    assert.ok(replaced.message.includes(`Trusted are: SSL_CERT_FILE (${files.other}).`), replaced.message)
  })
})
