// @ts-check
'use strict'

const assert = require('node:assert/strict')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { Worker } = require('node:worker_threads')
const { startEmulator } = require('../emulator')
const { issueServerCertificate } = require('../emulator/certificates')
const { ClientTokenCredential, getClientToken } = require('..')
const { logIn } = require('./support/login')
const { namespaceMissing, runInNamespace } = require('./support/namespace')
const { ExtendedUsage, issue, KeyUsage, startServer } = require('./support/server-certificates')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {string} */
let folder
/** Files with the authority of the identity service, with another one, and without any. @type {Record<'own' | 'other' | 'none', string>} */
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
  test('that is in SSL_CERT_FILE', async () => {
    trusting({ SSL_CERT_FILE: files.own })
    assert.ok((await getClientToken()).token)
  })

  test('that is in a folder of SSL_CERT_DIR', async () => {
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

  test('that the option ca adds to both, as text, as bytes, and in a list', async () => {
    trusting({ SSL_CERT_FILE: files.other, NODE_EXTRA_CA_CERTS: files.none })
    const [own, other] = [fs.readFileSync(files.own, 'utf8'), fs.readFileSync(files.other)]
    for (const [number, ca] of [own, Buffer.from(own), [other, own]].entries()) {
      assert.ok((await credential({ ca }).getToken(`api://ca-${number}/.default`)).token)
    }
  })

  test("that a worker's own environment names, and not the process's", async () => {
    trusting({ SSL_CERT_FILE: files.own })
    const { SSL_CERT_FILE: _, ...without } = process.env
    assert.equal(await outcomeIn(without), 'ERR_NETWORK tls')
    assert.equal(await outcomeIn({ ...without, SSL_CERT_FILE: files.other }), 'ERR_NETWORK tls')
    trusting({ SSL_CERT_FILE: files.other })
    assert.equal(await outcomeIn({ ...process.env, SSL_CERT_FILE: files.own }), 'a token')
  })

  /** @param {NodeJS.ProcessEnv} env */
  async function outcomeIn(env) {
    const program = `
      const { parentPort, workerData } = require('node:worker_threads')
      require(workerData).getClientToken().then(() => parentPort.postMessage('a token'), (error) => parentPort.postMessage(error.code + ' ' + error.phase))`
    const worker = new Worker(program, { eval: true, workerData: path.join(__dirname, '..'), env })
    const [outcome] = await once(worker, 'message')
    await worker.terminate()
    return outcome
  }

  test('even if something else cannot be read', async () => {
    trusting({ SSL_CERT_FILE: files.own, NODE_EXTRA_CA_CERTS: '/nowhere/extra.pem' })
    assert.ok((await getClientToken()).token)
  })
})

describe('an authority is not trusted', () => {
  test('that none of the sources has, and the error names each source', async () => {
    trusting({ SSL_CERT_FILE: files.other, NODE_EXTRA_CA_CERTS: files.other })
    const { message } = await refusalOf(credential({ ca: fs.readFileSync(files.other) }).getClientToken())
    assert.ok(message.includes(`Trusted roots: SSL_CERT_FILE (${files.other}), NODE_EXTRA_CA_CERTS (${files.other}), the option ca.`), message)
    assert.match(message, /issued by "Local identity emulator CA"/)
  })

  test('because of a file that cannot be read, or has no certificate, and the error names it', async () => {
    trusting({ NODE_EXTRA_CA_CERTS: '/nowhere/extra.pem' })
    assert.match((await refusalOf(getClientToken())).message, /NODE_EXTRA_CA_CERTS \(\/nowhere\/extra\.pem\): .*No such file/)
    trusting({ NODE_EXTRA_CA_CERTS: files.none })
    assert.match((await refusalOf(getClientToken())).message, /NODE_EXTRA_CA_CERTS \(.*none\.pem\): no certificate in it that can be used/)
    const { message } = await refusalOf(credential({ ca: 'no certificate' }).getToken('api://another/.default'))
    assert.match(message, /the option ca: no certificate in it that can be used/)
  })
})

describe("the system's store", { skip: namespaceMissing() }, () => {
  // A separate machine, whose store has only the authority of the identity service.
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
    assert.ok(replaced.message.includes(`Trusted roots: SSL_CERT_FILE (${files.other}).`), replaced.message)
  })
})

/**
 * The outcome of a call to a server with this certificate, with these variables.
 * @param {{ pem: string, privateKey: string, chain?: string }} shown
 * @param {Record<string, string>} variables
 * @param {object} [options]
 */
async function askedOf(shown, variables, options) {
  const server = await startServer(shown)
  try {
    trusting({ ...variables, AZURE_AUTHORITY_HOST: server.authority })
    const client = options && credential({ authorityHost: server.authority, ...options })
    return await (client ? client.getClientToken() : getClientToken())
  } finally {
    server.close()
  }
}

/** A file with a new name, because the package reads each file once. @param {string | Buffer} content */
function written(content) {
  const file = path.join(fs.mkdtempSync(path.join(folder, 'own-')), '01234567.0')
  fs.writeFileSync(file, content)
  return file
}

describe("a server's own certificate is accepted that is itself a trusted one", () => {
  test('whichever setting names it, even as an authority\'s, which openssl creates by default', async () => {
    const own = await issue({ isAuthority: true })
    const file = written(own.pem)
    /** @type {Record<string, string>[]} */
    const settings = [{ NODE_EXTRA_CA_CERTS: file }, { SSL_CERT_FILE: file }, { SSL_CERT_DIR: path.dirname(file) }]
    for (const variables of settings) assert.equal((await askedOf(own, variables)).token, 'a.b.c', JSON.stringify(variables))
    assert.equal((await askedOf(own, { SSL_CERT_FILE: files.other }, { ca: own.pem })).token, 'a.b.c')
  })

  test('even if an untrusted authority issued it', async () => {
    const own = await issue({ issuer: await issue({ isAuthority: true, subject: 'An unknown authority', name: null }), isAuthority: false })
    assert.equal((await askedOf(own, { SSL_CERT_FILE: written(own.pem) })).token, 'a.b.c')
  })

  /** @type {[string, import('./support/server-certificates').Wish, RegExp][]} */
  const refused = [
    ['is for another name', { name: 'other.example' }, /it was issued for another host name \(for other\.example\)$/],
    ['has expired', { from: -9, until: -2 }, /it has expired, on \d{4}-\d\d-\d\d: /],
    ['is not valid yet', { from: 2, until: 9 }, /it is not valid before \d{4}-\d\d-\d\d: /],
    ['may issue certificates only', { usage: KeyUsage.keyCertSign }, /issued for another use/],
    ['is for clients only', { extendedUsage: [ExtendedUsage.clientAuth] }, /issued for another use/],
  ]
  for (const [what, wish, says] of refused) {
    test(`but not one that ${what}`, async () => {
      for (const isAuthority of [true, undefined]) {
        const own = await issue({ isAuthority, ...wish })
        // Only the authority's bit decides which of the two checks fails.
        if (isAuthority === undefined && wish.usage !== undefined) continue
        const { message } = await refusalOf(askedOf(own, { SSL_CERT_FILE: written(own.pem) }))
        assert.match(message, says)
        assert.doesNotMatch(message, /NODE_EXTRA_CA_CERTS/)
      }
    })
  }

  test('but not one that only has the same name', async () => {
    const [own, other] = [await issue({ isAuthority: true }), await issue({ isAuthority: true })]
    const { message } = await refusalOf(askedOf(own, { SSL_CERT_FILE: written(other.pem) }))
    assert.match(message, /it is the certificate of a certificate authority, used as the server's/)
  })
})

describe('an authority that is used as a server stays refused', () => {
  test('if a trusted authority issued it', async () => {
    const root = await issue({ isAuthority: true, subject: 'A root', name: null })
    const own = await issue({ isAuthority: true, issuer: root })
    const { message } = await refusalOf(askedOf(own, { SSL_CERT_FILE: written(root.pem) }))
    assert.match(message, /\(issued by "A root"\) is not accepted: it is the certificate of a certificate authority, used as the server's/)
  })

  test("if it is one of the system's", { skip: namespaceMissing() }, async () => {
    const own = await issue({ isAuthority: true })
    const script = `
      const fs = require('node:fs')
      const { getClientToken } = require('.')
      const { startServer } = require('./__test__/support/server-certificates')
      async function main() {
        fs.mkdirSync('/etc/ssl/certs', { recursive: true })
        fs.writeFileSync('/etc/ssl/certs/ca-certificates.crt', process.env.OWN)
        const server = await startServer({ pem: process.env.OWN, privateKey: process.env.OWN_KEY })
        Object.assign(process.env, { AZURE_AUTHORITY_HOST: server.authority, ARM_TENANT_ID: 't', ARM_CLIENT_ID: 'c', ARM_CLIENT_SECRET: 's' })
        await getClientToken().then(() => console.log('a token'), ({ message }) => console.log(message))
        process.exit()
      }
      main()`
    const environment = { OWN: own.pem, OWN_KEY: own.privateKey, NODE_EXTRA_CA_CERTS: '' }
    const { stdout, stderr } = await runInNamespace(script, { environment, shell: 'mount -t tmpfs none /etc/ssl' })
    assert.match(stdout || stderr, /it is the certificate of a certificate authority, used as the server's/)
  })
})

describe('a certificate that is not supported is refused in plain words', () => {
  const authority = { isAuthority: true, subject: 'A root', name: null }
  /** @type {[string, import('./support/server-certificates').Wish, import('./support/server-certificates').Wish, RegExp][]} */
  const rows = [
    ['of an authority with a P-384 key that signs with SHA-512', { ...authority, key: 'P-384', hash: 'SHA-512' }, {}, /signed with ECDSA and SHA-512, which is not supported here/],
    ['of an authority with a P-521 key', { ...authority, key: 'P-521', hash: 'SHA-512' }, {}, /signed with ECDSA and SHA-512, which is not supported here/],
    ['of an authority with a P-521 key that signs with SHA-256', { ...authority, key: 'P-521', hash: 'SHA-256' }, {}, /signed with ECDSA and SHA-256 with a key of the kind P-521, which is not supported here/],
    ['that is signed with SHA-1', { ...authority, key: 'RSA-2048', hash: 'SHA-1' }, {}, /signed with RSA and SHA-1, which is not supported here/],
    ['of an authority with an RSA key of 1024 bits', { ...authority, key: 'RSA-1024' }, {}, /has an RSA key of 1024 bits, and only those of 2048 to 8192 bits are accepted/],
    ['with an RSA key of 1024 bits', authority, { key: 'RSA-1024' }, /has an RSA key of 1024 bits/],
    ['with a P-521 key', authority, { key: 'P-521' }, /a key of a kind that is not supported here, such as P-521/],
    ['with a common name only', authority, { name: null }, /it has its name, "localhost", as a common name \(CN\) only, which does not count/],
  ]
  for (const [what, issuer, wish, says] of rows) {
    test(`one ${what}`, async () => {
      const root = await issue(issuer)
      const { message, cause } = await refusalOf(askedOf(await issue({ issuer: root, ...wish }), { NODE_EXTRA_CA_CERTS: written(root.pem) }))
      assert.match(message, says)
      assert.doesNotMatch(`${message} ${cause}`, /[{}[\]]|NODE_EXTRA_CA_CERTS|HandshakeFailure/)
    })
  }
})

describe('files of certificates are read as OpenSSL reads them', () => {
  /** @type {[string, (pem: string) => string][]} */
  const forms = [
    ['with a byte order mark', (pem) => `\ufeff${pem}`],
    ['as X509 CERTIFICATE', (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['as TRUSTED CERTIFICATE', (pem) => pem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
    ['behind a damaged one', (pem) => `-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n${pem}`],
  ]
  for (const [what, form] of forms) {
    test(what, async () => {
      const text = form(fs.readFileSync(files.own, 'utf8'))
      const file = written(text)
      /** @type {Record<string, string>[]} */
      const settings = [{ NODE_EXTRA_CA_CERTS: file }, { SSL_CERT_FILE: file }, { SSL_CERT_DIR: path.dirname(file) }]
      for (const variables of settings) {
        trusting(variables)
        assert.ok((await getClientToken()).token, JSON.stringify(variables))
      }
      trusting({ SSL_CERT_FILE: files.other })
      for (const ca of [text, Buffer.from(text)]) assert.ok((await credential({ ca }).getToken(`api://${what.replaceAll(' ', '-')}/.default`)).token)
    })
  }

  test('and the error says why a file cannot be read', async () => {
    const pem = fs.readFileSync(files.own, 'utf8')
    const der = Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64')
    /** @type {[Buffer, RegExp][]} */
    const rows = [[Buffer.from(`\ufeff${pem}`, 'utf16le'), /UTF-16/], [der, /it is DER, but must be PEM/]]
    for (const [content, says] of rows) {
      trusting({ NODE_EXTRA_CA_CERTS: written(content) })
      assert.match((await refusalOf(getClientToken())).message, says)
    }
  })
})

describe('the token proxy of a cluster', () => {
  /** @param {Record<string, string>} variables */
  const workload = (variables) => {
    trusting({ SSL_CERT_FILE: files.own, AZURE_KUBERNETES_TOKEN_PROXY: emulator.authorityHost, ...variables })
    const { tenantId, clientId } = emulator
    const tokenFilePath = written(`\ufeff${emulator.issueAssertion()}\n`)
    return new ClientTokenCredential({ credential: 'workloadIdentity', tenantId, clientId, tokenFilePath, enableAzureProxy: true, authorityHost: 'https://login.invalid' })
  }

  test("is verified with its own authority alone, and not with the machine's", async () => {
    const { pem } = await issue({ isAuthority: true, subject: 'Another' })
    /** @type {Record<string, string>[]} */
    const places = [{ AZURE_KUBERNETES_CA_FILE: written(pem) }, { AZURE_KUBERNETES_CA_DATA: pem }]
    for (const variables of places) {
      const { message } = await refusalOf(workload(variables).getClientToken())
      assert.match(message, /it was issued by an authority that is not trusted\. Trusted roots: the authorities of the token proxy\. .*put it into AZURE_KUBERNETES_CA_FILE/)
    }
  })

  test('is verified with that authority, in any format of its file', async () => {
    const own = fs.readFileSync(files.own, 'utf8')
    const marked = written(`\ufeff${own.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')}`)
    /** @type {Record<string, string>[]} */
    const places = [{ AZURE_KUBERNETES_CA_FILE: marked }, { AZURE_KUBERNETES_CA_DATA: `\ufeff${own}` }]
    for (const variables of places) {
      assert.ok((await workload(variables).getClientToken()).token)
    }
  })
})
