// @ts-check
'use strict'

// ClientTokenCredential: a TokenCredential whose settings are its options, for every Azure SDK client.

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const { inspect } = require('node:util')
const { claimsOf } = require('./support/claims')
const { startEmulator } = require('../emulator')
const { AuthenticationError, ClientTokenCredential, ConfigurationError, getClientToken } = require('..')
const { logIn } = require('./support/login')

/** @typedef {import('..').ClientTokenOptions} Options */

const scope = 'https://vault.azure.net/.default'

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {{ tenantId: string, clientId: string, authorityHost: string }} */
let application
/** @type {Options} */
let bySecret
/** @type {string} */
let secret

before(async () => {
  emulator = await startEmulator()
  const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET } = emulator.environment()
  secret = ARM_CLIENT_SECRET
  application = { tenantId: ARM_TENANT_ID, clientId: ARM_CLIENT_ID, authorityHost: emulator.authorityHost }
  bySecret = { credential: 'clientSecret', ...application, clientSecret: secret }
})
after(() => emulator.close())

beforeEach(() => {
  // The environment has the trust in the emulator's certificate; the credential's options have the login.
  const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, AZURE_AUTHORITY_HOST, ...host } = emulator.environment()
  logIn(host)
  emulator.resetCounters()
  emulator.faults.clear()
})

describe('an explicit credential', () => {
  test('gets tokens with its options alone', async () => {
    const result = await new ClientTokenCredential(bySecret).getToken(scope)
    assert.equal(claimsOf(result.token).aud, 'https://vault.azure.net')
    assert.equal(result.source, 'clientSecret')
    assert.ok(result.expiresOnTimestamp > Date.now())
  })

  test('ignores a login in the environment', async () => {
    process.env.ARM_CLIENT_SECRET = 'another one'
    process.env.ARM_TENANT_ID = 'another-tenant'
    await new ClientTokenCredential(bySecret).getToken([scope])
    await new ClientTokenCredential(bySecret).getToken([scope], { abortSignal: undefined, claims: undefined })
  })

  test('shares its tokens with equal ones, and with no other', async () => {
    const first = await new ClientTokenCredential(bySecret).getToken(scope)
    const second = await new ClientTokenCredential({ ...bySecret }).getToken(scope)
    assert.equal(first.token, second.token)
    logIn(emulator.environment())
    assert.equal(emulator.counters.tokenRequests, 1)
    const other = new ClientTokenCredential(/** @type {Options} */ ({ ...bySecret, clientSecret: 'wrong' }))
    await assert.rejects(other.getToken(scope), { code: 'ERR_AUTHENTICATION' })
  })

  test('serves the default endpoint like the function', async () => {
    const { token } = await new ClientTokenCredential(bySecret).getClientToken()
    assert.equal(claimsOf(token).aud, 'https://management.azure.com/')
  })

  test('shows no secret, in any printed form', () => {
    const credential = new ClientTokenCredential(bySecret)
    const printed = [inspect(credential, { depth: 9, showHidden: true }), JSON.stringify(credential), String(credential)]
    for (const text of printed) assert.ok(!text.includes(secret), text)
  })

  test('logs its work to onLog, without a secret', async () => {
    /** @type {import('..').LogEntry[]} */
    const entries = []
    const credential = new ClientTokenCredential({ ...bySecret, onLog: (entry) => entries.push(entry) })
    await credential.getToken(scope)
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(entries.length > 0)
    assert.ok(entries.every(({ level, message, timestamp }) => /^(error|warn|info|debug)$/.test(level) && message && timestamp > 0))
    assert.ok(!JSON.stringify(entries).includes(secret))
  })
})

describe('options', () => {
  /** @type {[unknown, RegExp][]} */
  const wrongTypes = [
    ['clientSecret', /^options must be an object; it is string$/],
    [[], /^options must be an object; it is an array$/],
    [{}, /^options\.credential must be a string; it is undefined$/],
    [{ credential: 'clientSecret', clientSecret: 5 }, /^options\.clientSecret must be a string; it is number$/],
    [{ credential: 'managedIdentity', timeout: '5' }, /^options\.timeout must be a number of milliseconds/],
    [{ credential: 'managedIdentity', timeout: 0 }, /^options\.timeout/],
    [{ credential: 'managedIdentity', proxy: true }, /^options\.proxy must be a string, or false/],
    [{ credential: 'managedIdentity', ca: 5 }, /^options\.ca must be PEM text/],
    [{ credential: 'managedIdentity', additionallyAllowedTenants: 'a' }, /^options\.additionallyAllowedTenants must be an array of strings/],
    [{ credential: 'managedIdentity', onLog: 'console' }, /^options\.onLog must be a function/],
    [{ credential: 'clientAssertion', getAssertion: 'jwt' }, /^options\.getAssertion must be a function/],
    [{ credential: 'clientCertificate', certificate: {} }, /^options\.certificate must be a string or a Uint8Array/],
    [{ credential: 'clientCertificate', sendCertificateChain: 'true' }, /^options\.sendCertificateChain must be a boolean/],
    [{ credential: 'oidc', managedIdentity: 'mi' }, /^options\.managedIdentity must be an object/],
    [{ credential: 'chain', chain: {} }, /^options\.chain must be an array/],
    [{ credential: 'chain', chain: [{ credential: 'azureCli', chain: {} }] }, /^options\.chain\[0\]\.chain must be an array/],
    [{ credential: 'chain', chain: [{ credential: 5 }] }, /^options\.chain\[0\]\.credential must be a string/],
    [{ credential: 'chain', chain: [{ credential: 'azureCli', onLog: true }] }, /^options\.chain\[0\]\.onLog must be a function/],
    [new Map(), /^options must be an object; it is a list of entries, as a Map is$/],
    [{ credential: 'command', environment: new Map([['A', 'b']]) }, /^options\.environment must be an object; it is a list of entries, as a Map is$/],
    [{ credential: 'chain', chain: [new Set()] }, /^options\.chain\[0\] must be an object; it is a list of entries/],
    [Promise.resolve({ credential: 'azureCli' }), /^options must be an object; it is a Promise$/],
    [{ credential: 'azureCli', expect: new Map() }, /^options\.expect must be an object; it is a list of entries/],
    [{ credential: 'command', arguments: [5] }, /^options\.arguments\[0\] must be a string/],
  ]
  for (const [options, message] of wrongTypes) {
    test(`of a wrong type are refused: ${message.source}`, () => {
      // @ts-expect-error: the test passes wrong types
      const made = () => new ClientTokenCredential(options)
      assert.throws(made, (error) => error instanceof TypeError && message.test(error.message))
    })
  }

  test('that are invalid are named', () => {
    /** @type {[object, string][]} */
    const rows = [
      [{ credential: 'nonsense' }, 'credential'],
      [{ credential: 'clientSecret', tenantId: 't', clientId: 'c' }, 'clientSecret'],
      [{ credential: 'managedIdentity', clientId: 'a', objectId: 'b' }, 'clientId'],
      [{ credential: 'managedIdentity', clientID: 'a' }, 'clientID'],
      [{ credential: 'clientSecret', retries: 0 }, 'retries'],
      [{ credential: 'azureCli', program: false }, 'program'],
      [{ credential: 'clientSecret', expect: { tenantID: 5 } }, 'expect.tenantID'],
      [{ credential: 'chain', chain: [{ credential: 'azureCli', retryOptions: {} }] }, 'chain[0].retryOptions'],
      [{ credential: 'chain', chain: [{ credential: 'command' }] }, 'chain[0].program'],
      [{ credential: 'chain', chain: [{ credential: 'azureCli', proxy: false }] }, 'chain[0].proxy'],
      [{ credential: 'chain', chain: [{ credential: 'azureCli', onLog() {} }] }, 'chain[0].onLog'],
      [{ credential: 'chain', chain: [{ credential: 'azureCli', chain: [{ credential: 'azureCli' }] }] }, 'chain[0].chain'],
      [chainsInEachOther(10_000), 'chain[0].credential'],
      [{ credential: 'default', requiredEnvVars: 'NOBODY_SETS_THIS' }, 'NOBODY_SETS_THIS'],
    ]
    for (const [options, setting] of rows) {
      const made = () => new ClientTokenCredential(/** @type {Options} */ (options))
      assert.throws(made, (error) => error instanceof ConfigurationError && error.settings[0] === setting)
    }
  })
})

/** Reading each of them in the next one would overflow a thread's stack. @param {number} count */
function chainsInEachOther(count) {
  /** @type {object} */
  let options = { credential: 'azureCli' }
  for (let index = 0; index < count; index += 1) options = { credential: 'chain', chain: [options] }
  return options
}

describe('the current login context', () => {
  test('is what a credential without options stands for', async () => {
    logIn(emulator.environment())
    const { token } = await new ClientTokenCredential().getToken('https://management.azure.com//.default')
    assert.equal((await getClientToken()).token, token)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('of Pulumi comes from the ARM_ variables, and never from a chain', async () => {
    logIn(emulator.environment())
    const { source } = await new ClientTokenCredential({ credential: 'pulumi' }).getToken(scope)
    assert.equal(source, 'clientSecret')
  })
})

test('a method without its credential says how to call it', async () => {
  const { getToken, getClientToken: getClient, explain } = new ClientTokenCredential(bySecret)
  /** @type {[string, (...given: any[]) => Promise<unknown>][]} */
  const methods = [['getToken', getToken], ['getClientToken', getClient], ['explain', explain]]
  for (const [name, method] of methods) {
    const message = `${name} was called without its ClientTokenCredential. Call credential.${name}(…), or pass (...given) => credential.${name}(...given).`
    for (const self of [undefined, null, {}, new Proxy({}, {}), Object.create(ClientTokenCredential.prototype)]) {
      await assert.rejects(method.call(self, scope), { name: 'TypeError', message })
    }
  }
})

test('options of a call that are objects of another kind are refused, even if the token is cached', async () => {
  const credential = new ClientTokenCredential(bySecret)
  await credential.getToken(scope)
  for (const options of [new AbortController().signal, new Map([['tenantId', 'other']]), Promise.resolve({ tenantId: 'other' })]) {
    // @ts-expect-error: the test passes wrong types
    await assert.rejects(credential.getToken(scope, options), { name: 'TypeError', message: /^options must be an object; it is / })
  }
})

test('a credential that is asked for no scope rejects', async () => {
  // @ts-expect-error: a program without types
  await assert.rejects(new ClientTokenCredential(bySecret).getToken(), TypeError)
  await assert.rejects(new ClientTokenCredential(bySecret).getToken([]), { code: 'ERR_CONFIGURATION' })
})

describe('getAssertion', () => {
  /** @param {import('..').AssertionCallback} getAssertion */
  const credentialBy = (getAssertion) => new ClientTokenCredential({ credential: 'clientAssertion', ...application, getAssertion })

  test('that rejects is the cause, the same object', async () => {
    const reason = new Error('the vault is closed')
    await assert.rejects(credentialBy(async () => { throw reason }).getToken(scope), (error) => {
      assert.ok(error instanceof AuthenticationError)
      assert.equal(error.cause, reason)
      return !error.message.includes('vault')
    })
  })

  test('may throw, and may reject with any value', async () => {
    await assert.rejects(credentialBy(() => { throw 'a text' }).getToken(scope), (error) => error instanceof Error && error.cause === 'a text')
  })

  test('must return a text', async () => {
    for (const nothing of ['', undefined, 5]) {
      // @ts-expect-error: the test returns a value that is not a string
      await assert.rejects(credentialBy(() => nothing).getToken(scope), (error) => error instanceof Error && error.cause instanceof TypeError)
    }
  })

  test('returns what is sent, and what is never shown', async () => {
    const assertion = 'e30.marker-assertion.x'
    await assert.rejects(credentialBy(async () => assertion).getToken(scope), (error) => {
      assert.ok(error instanceof Error)
      return !inspect(error, { depth: 9 }).includes('marker-assertion')
    })
    assert.match(emulator.requests.at(-1)?.form?.client_assertion_type ?? '', /jwt-bearer$/)
  })

  test('of one credential is called for no other credential', async () => {
    let asked = 0
    const one = credentialBy(() => { asked += 1; throw new Error('no') })
    const other = credentialBy(() => { throw new Error('another') })
    await assert.rejects(one.getToken(scope))
    await assert.rejects(other.getToken(scope))
    assert.equal(asked, 1)
  })
})

describe('GetTokenOptions', () => {
  test('may have a signal that is not an AbortSignal', async () => {
    emulator.faults.add({ delay: 5000 })
    const target = new EventTarget()
    const like = Object.assign(target, { aborted: false })
    const call = new ClientTokenCredential(bySecret).getToken(scope, { abortSignal: like })
    setTimeout(() => { like.aborted = true; target.dispatchEvent(new Event('abort')) }, 50)
    await assert.rejects(call, { name: 'AbortError' })
    await assert.rejects(new ClientTokenCredential(bySecret).getToken(scope, { abortSignal: like }), { name: 'AbortError' })
  })

  test('leave no listener on such a signal, however the call ends', async () => {
    const credential = new ClientTokenCredential(bySecret)
    const refused = new ClientTokenCredential({ credential: 'clientSecret', ...application, clientSecret: 'wrong' })
    const withoutSettings = new ClientTokenCredential()
    /** @type {[string, (abortSignal: ReturnType<typeof likeSignal>) => Promise<unknown>][]} */
    const calls = [
      ['a token of the service', (abortSignal) => credential.getToken(scope, { abortSignal })],
      ['a token within reach', (abortSignal) => credential.getToken(scope, { abortSignal })],
      ['a refusal', (abortSignal) => refused.getToken(scope, { abortSignal })],
      ['settings that are incomplete', (abortSignal) => withoutSettings.getToken(scope, { abortSignal })],
      ['options that are wrong', (abortSignal) => credential.getToken(scope, { abortSignal, tenantId: /** @type {any} */ (5) })],
      ['a timeout', (abortSignal) => credential.getToken('api://late/.default', { abortSignal, requestOptions: { timeout: 1 } })],
      ['an abort', (abortSignal) => {
        setTimeout(() => abortSignal.abort(), 20)
        return credential.getToken('api://aborted/.default', { abortSignal })
      }],
      ['an abort before', (abortSignal) => {
        abortSignal.abort()
        return credential.getToken(scope, { abortSignal })
      }],
    ]
    emulator.faults.add({ delay: 300 })
    process.env.ARM_TENANT_ID = emulator.tenantId
    for (const [what, call] of calls) {
      const abortSignal = likeSignal()
      await call(abortSignal).catch(() => {})
      assert.deepEqual([abortSignal.listeners.size, abortSignal.most], [0, 1], what)
    }
  })

  test('may have such a signal that removes no listener', async () => {
    emulator.faults.add({ delay: 50 })
    const credential = new ClientTokenCredential(bySecret)
    const removeEventListener = () => { throw new Error('not implemented') }
    for (const abortSignal of [{ ...likeSignal(), removeEventListener }, { ...likeSignal(), removeEventListener: undefined }]) {
      const { token } = await credential.getToken(scope, { abortSignal: /** @type {any} */ (abortSignal) })
      assert.ok(token)
      const call = credential.getToken(scope, { abortSignal: /** @type {any} */ (abortSignal), tenantId: /** @type {any} */ (5) })
      await assert.rejects(call, { message: /tenantId must be a string/ })
    }
  })

  /** A signal as Azure's SDK accepts it, which counts its listeners. */
  function likeSignal() {
    const listeners = /** @type {Set<() => void>} */ (new Set())
    return {
      aborted: false,
      most: 0,
      listeners,
      /** @param {'abort'} _ @param {any} listener */
      addEventListener(_, listener) {
        listeners.add(listener)
        this.most = Math.max(this.most, listeners.size)
      },
      /** @param {'abort'} _ @param {any} listener */
      removeEventListener(_, listener) {
        listeners.delete(listener)
      },
      abort() {
        this.aborted = true
        for (const listener of [...listeners]) listener()
      },
    }
  }

  test('end a call with the signal\'s own reason if it has one', async () => {
    const reason = new Error('enough')
    const call = new ClientTokenCredential(bySecret).getToken(scope, { abortSignal: AbortSignal.abort(reason) })
    await assert.rejects(call, (error) => error === reason)
  })

  test('have a timeout, and no proof of possession', async () => {
    emulator.faults.add({ delay: 5000 })
    const credential = new ClientTokenCredential(bySecret)
    await assert.rejects(credential.getToken(scope, { requestOptions: { timeout: 50 } }), { code: 'ERR_TIMEOUT' })
    const proof = /** @type {object} */ ({ proofOfPossessionOptions: { resourceRequestUrl: 'https://a' } })
    await assert.rejects(credential.getToken(scope, proof), { code: 'ERR_CONFIGURATION' })
  })

  test('pass the tenant and the claims on', async () => {
    const credential = new ClientTokenCredential(bySecret)
    await assert.rejects(credential.getToken(scope, { tenantId: 'other.example' }), { code: 'ERR_CONFIGURATION' })
    await credential.getToken(scope, { claims: '{"access_token":{"nbf":{"essential":true}}}', enableCae: true })
    const { access_token: sent } = JSON.parse(emulator.requests.at(-1)?.form?.claims ?? '{}')
    assert.deepEqual([sent.nbf, sent.xms_cc], [{ essential: true }, { values: ['cp1'] }])
  })
})
