// @ts-check
'use strict'

// The package reads each of a program's settings and options once, and ignores properties that a fault has written to Object.prototype.

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const path = require('node:path')
const { Worker } = require('node:worker_threads')
const { startEmulator } = require('../emulator')
const { ClientTokenCredential, getClientToken, explain } = require('..')
const { reader } = require('../js/environment')
const { claimsOf } = require('./support/claims')
const { printed } = require('./support/consumer')
const { declaredNames } = require('./support/declared-names')
const { logIn } = require('./support/login')
const { counted } = require('./support/count-reads')

const root = path.join(__dirname, '..')
const scope = 'https://vault.azure.net/.default'

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {import('..').ClientSecretOptions} */
let bySecret

before(async () => {
  emulator = await startEmulator()
  const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET } = emulator.environment()
  const application = { tenantId: ARM_TENANT_ID, clientId: ARM_CLIENT_ID, authorityHost: emulator.authorityHost }
  bySecret = { credential: 'clientSecret', ...application, clientSecret: ARM_CLIENT_SECRET }
})
after(() => emulator.close())
beforeEach(() => {
  logIn(emulator.environment())
  emulator.faults.clear()
})

describe('Object.prototype', () => {
  const names = declaredNames()

  test('may have any name with any kind of value', () => {
    for (const name of ['endpoint', 'abortSignal', 'AZURE_AUTHORITY_HOST', 'certificatePath', 'cancellation', 'rejection']) {
      assert.ok(names.includes(name), name)
    }
  })

  for (const value of ['https://localhost:1/', 5, true, ['https://localhost:1/'], {}]) {
    test(`has no effect with ${JSON.stringify(value)} under every name`, async () => {
      const [polluted, withSignal] = await outcomes({ names, value })
      assert.deepEqual([polluted, withSignal], await outcomes({ names: [], value }))
      assert.equal(polluted.function.appid, emulator.clientId)
      assert.equal(withSignal.aborted.appid, emulator.clientId)
      assert.equal(polluted.refused.code, 'ERR_AUTHENTICATION')
    })
  }

  /** @param {{ names: string[], value: unknown }} pollution */
  function outcomes(pollution) {
    const program = path.join(__dirname, 'support', 'polluted-program.js')
    const given = JSON.stringify({ ...pollution, credential: bySecret })
    return printed(process.execPath, [program, root, given], emulator.environment(), root)
  }
})

test('Array.prototype fills no hole in a list of scopes', async (t) => {
  const scopes = new Array(2)
  scopes[1] = scope
  t.after(() => delete Array.prototype[0])
  Array.prototype[0] = scope
  const call = new ClientTokenCredential(bySecret).getToken(scopes)
  delete Array.prototype[0]
  await assert.rejects(call, { name: 'TypeError', message: /scopes/ })
})

describe('the environment', () => {
  test('has the variables that process.env owns, whatever it inherits', async () => {
    const inherited = Object.create({ AZURE_AUTHORITY_HOST: 'https://localhost:1/' }, Object.getOwnPropertyDescriptors({ A: 'a' }))
    for (const platform of ['linux', 'win32']) {
      assert.equal(reader(inherited, platform)('A'), 'a', platform)
      assert.equal(reader(inherited, platform)('AZURE_AUTHORITY_HOST'), undefined, platform)
    }
  })

  test('of Windows has them in any case', () => {
    const read = reader({ Azure_Client_Id: 'c' }, 'win32')
    assert.equal(read('AZURE_CLIENT_ID'), 'c')
  })

  test('of a worker is read in the same way', async () => {
    const program = `
      Object.prototype.AZURE_AUTHORITY_HOST = 'https://localhost:1/'
      const { parentPort, workerData } = require('node:worker_threads')
      require(workerData).getClientToken().then(() => parentPort.postMessage('a token'), (error) => parentPort.postMessage(error.message))`
    const worker = new Worker(program, { eval: true, workerData: root, env: { ...emulator.environment() } })
    const [message] = await Promise.all([new Promise((resolve) => worker.once('message', resolve))])
    assert.equal(message, 'a token')
    await worker.terminate()
  })
})

describe('options', () => {
  test('may come from a class of the caller', async () => {
    class Shared {
      credential = /** @type {const} */ ('clientSecret')
      get tenantId() { return bySecret.tenantId }
      get clientId() { return bySecret.clientId }
      get authorityHost() { return bySecret.authorityHost }
      toString() { return 'no option' }
    }
    class Mine extends Shared {
      get clientSecret() { return bySecret.clientSecret }
    }
    const { token } = await new ClientTokenCredential(new Mine()).getToken(scope)
    assert.equal(claimsOf(token).appid, emulator.clientId)
  })

  test('may come from a class whose method gives the assertion, and from one without Object.prototype', () => {
    class Assertion {
      async getAssertion() { return 'a.b.c' }
    }
    const options = Object.assign(new Assertion(), { credential: /** @type {const} */ ('clientAssertion'), tenantId: 't', clientId: 'c' })
    assert.ok(new ClientTokenCredential(options))
    assert.ok(new ClientTokenCredential(Object.assign(Object.create(null), bySecret)))
  })

  test('of a call may come from a class of the caller', async () => {
    class Opts {
      get timeout() { return 1 }
    }
    await assert.rejects(getClientToken({}, new Opts()), { code: 'ERR_TIMEOUT' })
  })

  test('named __proto__ are refused like any unknown option', () => {
    const options = JSON.parse('{ "credential": "azureCli", "__proto__": "x" }')
    assert.throws(() => new ClientTokenCredential(options), { code: 'ERR_CONFIGURATION', settings: ['__proto__'] })
  })

  test('of another realm ignore its Object.prototype', async () => {
    const options = require('node:vm').runInNewContext(`Object.prototype.timeout = 1; ({ claims: undefined })`)
    assert.ok((await getClientToken({}, options)).token)
  })
})

describe('holes', () => {
  /** @type {[string, (array: any) => Promise<unknown> | unknown][]} */
  const calls = [
    ['scopes of a call', (array) => getClientToken({}, { scopes: array })],
    ['scopes of getToken', (array) => new ClientTokenCredential(bySecret).getToken(array)],
    ['arguments', async (array) => new ClientTokenCredential({ credential: 'command', program: 'x', arguments: array })],
    ['members of a chain', async (array) => new ClientTokenCredential({ credential: 'chain', chain: array })],
    ['certificates', async (array) => new ClientTokenCredential({ ...bySecret, ca: array })]
  ]
  for (const [what, call] of calls) {
    test(`in an array are not filled from ${what}`, async () => {
      // eslint-disable-next-line no-sparse-arrays
      await assert.rejects(async () => call([, 'x']), { name: 'TypeError', message: /\[0\] is missing: the array has a hole there/ })
    })
  }
})

describe('is read once', () => {
  /** @type {[string, object][]} */
  const credentials = [
    ['clientSecret', { timeout: 5000, proxy: false, ca: ['PEM'], additionallyAllowedTenants: ['*'], environment: undefined }],
    ['clientCertificate', { tenantId: 't', clientId: 'c', certificate: 'pem', password: 'p', sendCertificateChain: true }],
    ['clientAssertion', { tenantId: 't', clientId: 'c', getAssertion() {} }],
    ['oidc', { tenantId: 't', clientId: 'c', managedIdentity: { clientId: 'm' }, oidcAudience: 'a' }],
    ['command', { program: 'x', arguments: ['a', 'b'], processTimeout: 5, onLog() {} }],
    ['default', { requiredEnvVars: ['PATH'] }],
    ['chain', { chain: [{ credential: 'azureCli', subscription: 's' }, { credential: 'command', program: 'x', arguments: ['a'] }] }]
  ]
  for (const [credential, options] of credentials) {
    test(`each option of ${credential}`, () => {
      const all = { ...(credential === 'clientSecret' && bySecret), ...options, credential }
      const { proxy, reads } = counted(all)
      try {
        new ClientTokenCredential(/** @type {any} */ (proxy))
      } catch (error) {
        assert.equal(/** @type {any} */ (error).code, 'ERR_CONFIGURATION')
      }
      assertOnce(reads, Object.keys(all))
    })
  }

  test('each option of getToken, and each scope', async () => {
    const options = counted({ abortSignal: undefined, requestOptions: { timeout: 60_000 }, claims: undefined, enableCae: false, tenantId: undefined })
    const scopes = counted([scope])
    for (const credential of [new ClientTokenCredential(bySecret), new ClientTokenCredential()]) {
      options.reads.clear()
      scopes.reads.clear()
      await credential.getToken(/** @type {any} */ (scopes.proxy), /** @type {any} */ (options.proxy))
      assertOnce(options.reads, ['abortSignal', 'requestOptions', 'requestOptions.timeout', 'claims', 'enableCae', 'tenantId'])
      assertOnce(scopes.reads, ['0', 'length'])
    }
  })

  test('each argument and option of a call', async () => {
    const args = counted({ endpoint: 'https://vault.azure.net' })
    const opts = counted({ timeout: 60_000, tenantId: undefined, claims: undefined, enableCae: false, forceRefresh: true })
    for (const call of [getClientToken, explain]) {
      args.reads.clear()
      opts.reads.clear()
      await call(args.proxy, opts.proxy)
      assertOnce(args.reads, ['endpoint'])
      assertOnce(opts.reads, ['timeout', 'tenantId', 'claims', 'enableCae', 'forceRefresh', 'scopes', 'provider', 'parent'])
    }
  })

  test('an argument of a call without options, cold and warm', async () => {
    const args = counted({ endpoint: 'https://vault.azure.net' })
    for (const round of ['cold', 'warm']) {
      args.reads.clear()
      await getClientToken(args.proxy)
      assertOnce(args.reads, ['endpoint'], round)
    }
  })

  test('so that a scope cannot change between the check and the request', async () => {
    const asked = ['https://vault.azure.net/.default', 'https://other.example/.default']
    let reads = 0
    const scopes = new Proxy(['x'], { get: (target, name) => (name === '0' ? asked[Math.min(reads++, 1)] : Reflect.get(target, name)) })
    const credential = new ClientTokenCredential(bySecret)
    const { token } = await credential.getToken(scopes)
    assert.equal(claimsOf(token).aud, 'https://vault.azure.net')
    assert.equal((await credential.getClientToken({ endpoint: 'https://vault.azure.net' })).token, token)
  })

  /**
   * @param {Map<string, number>} reads
   * @param {string[]} names
   * @param {string} [where]
   */
  function assertOnce(reads, names, where) {
    for (const name of names) assert.equal(reads.get(name), 1, `${name} ${where ?? ''}`)
    for (const [name, times] of reads) assert.equal(times, 1, `${name} ${where ?? ''}`)
  }
})
