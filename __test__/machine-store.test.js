// @ts-check
'use strict'

// Tokens that the processes of one machine share.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { after, before, beforeEach, describe, test } = require('node:test')
const { setTimeout: sleep } = require('node:timers/promises')
const { startEmulator } = require('../emulator')
const { ClientTokenCredential, ConfigurationError } = require('..')
const { FRESH_SESSION, NO_KEYRING, forgetKey, missingKeyring } = require('./support/keyring')
const { contents, inAProcess, newHome, started, storeOf } = require('./support/machine')

/** @typedef {import('..').ClientTokenOptions} Options */

const endpoint = 'https://vault.azure.net'
const file = /** @type {const} */ ({ kind: 'machine', protection: 'file' })
const required = /** @type {const} */ ({ kind: 'machine', protection: 'required' })

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {any} */
let application

before(async () => {
  emulator = await startEmulator()
  const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
  application = { credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca }
})
after(() => emulator.close())
beforeEach(() => {
  emulator.faults.clear()
  emulator.resetCounters()
})

/** @param {unknown} [cache] @param {object} [more] */
const job = (cache = file, more) => ({ options: /** @type {Options} */ ({ ...application, cache, ...more }), endpoint })
const requests = () => emulator.counters.tokenRequests
const times = (/** @type {number} */ count) => Array.from({ length: count })

/** Makes the service's first answer hang. Returns the number of requests so far, including those of callers that no longer wait. */
function hangOnce() {
  const asked = { count: 0 }
  emulator.faults.add({ when: ({ path: place }) => place.endsWith('/token') && ++asked.count === 1, delay: 60_000 })
  return asked
}

test('50 first processes create one key and make one request, and nothing readable is in the folder', async (t) => {
  const cache = missingKeyring() ? file : required
  const home = newHome(t, cache === required ? forgetKey : undefined)
  const outcomes = await Promise.all(times(50).map(() => inAProcess(job(cache), { HOME: home })))
  assert.deepEqual(outcomes.map(({ cachedIn }) => cachedIn).sort(), [...times(49).fill('machine'), 'service'])
  assert.equal(requests(), 1)
  assert.equal(new Set(outcomes.map(({ token }) => token)).size, 1)
  const files = contents(storeOf(home))
  for (const secret of [String(outcomes[0].token), emulator.clientSecret, emulator.clientId, endpoint]) {
    for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url')]) {
      const found = files.find(({ content }) => content.includes(form.replace(/=+$/, '')))
      assert.equal(found, undefined, 'a file contains the secret')
    }
  }
  assert.ok(files.some(({ content }) => content.length > 500), 'the token is there')
  if (process.platform !== 'win32') {
    assert.equal(fs.statSync(storeOf(home)).mode & 0o777, 0o700)
    for (const { file: name } of files) assert.equal(fs.statSync(name).mode & 0o777, 0o600, name)
  }
})

test('a credential with the store opens it when it is made, before its first call', { timeout: 20_000 }, async (t) => {
  const directory = newHome(t)
  assert.ok(new ClientTokenCredential(job({ ...file, directory }).options))
  while (!fs.existsSync(path.join(directory, 'azure-client-token', 'v1', 'key'))) await sleep(5)
})

test('whose first one is killed make one request more', async (t) => {
  const home = newHome(t)
  const asked = hangOnce()
  const first = started(job(), { HOME: home })
  while (asked.count === 0) await sleep(5)
  const others = times(8).map(() => inAProcess(job(), { HOME: home }))
  await sleep(300)
  first.child.kill('SIGKILL')
  assert.equal((await first.outcome).error, 'killed')
  for (const { token } of await Promise.all(others)) assert.ok(token)
  assert.equal(asked.count, 2)
})

test('a refusal answers processes that ask soon after, if the program says so', async (t) => {
  const environment = { HOME: newHome(t) }
  const refused = job(file, { clientSecret: 'wrong' })
  const errors = []
  for (const _ of times(6)) errors.push((await inAProcess({ ...refused, refusalMemory: 60_000 }, environment)).error)
  assert.deepEqual([errors, requests()], [times(6).fill('ERR_AUTHENTICATION'), 1])
  await inAProcess(refused, environment)
  assert.equal(requests(), 2, 'other calls make a new request')
})

test('a variable selects it for every credential without the option, and for the login context', async (t) => {
  const environment = { ...emulator.environment(), HOME: newHome(t), AZURE_CLIENT_TOKEN_CACHE: 'machine' }
  const directory = path.join(newHome(t), 'a folder')
  const keys = [{ id: 'k', key: Buffer.alloc(32, 1).toString('base64') }]
  const given = { kind: 'machine', directory, protection: { keys } }
  for (const cache of [given, given]) await inAProcess(job(cache), environment)
  assert.equal(requests(), 1)
  assert.ok(contents(directory).length > 0)
  assert.equal((await inAProcess(job(false), environment)).cachedIn, 'service', 'the option overrides the variable')
  const wrong = await inAProcess({ endpoint }, { ...environment, AZURE_CLIENT_TOKEN_CACHE: 'disk' })
  assert.equal(wrong.error, 'ERR_CONFIGURATION')
  assert.equal((await inAProcess({ endpoint }, { ...environment, AZURE_CLIENT_TOKEN_CACHE: 'off' })).cachedIn, 'service')
})

describe('a login of az', { skip: process.platform === 'win32' && 'the stand-in is a POSIX shell script' }, () => {
  /** @param {import('node:test').TestContext} t */
  const loggedIn = (t) => {
    const home = newHome(t)
    const [tools, login, calls] = ['bin', '.azure', 'calls'].map((name) => path.join(home, name))
    const profile = path.join(login, 'azureProfile.json')
    for (const folder of [tools, login]) fs.mkdirSync(folder)
    fs.writeFileSync(profile, '{"subscriptions":[]}')
    fs.writeFileSync(path.join(tools, 'az'), tool(calls, profile), { mode: 0o755 })
    return { profile, calls, environment: { HOME: home, PATH: `${tools}:/usr/bin:/bin` } }
  }

  test('that ends between two processes is noticed', async (t) => {
    const { profile, calls, environment } = loggedIn(t)
    const az = { options: /** @type {Options} */ ({ credential: 'azureCli', cache: file }), endpoint }
    const origins = []
    for (const _ of times(2)) origins.push((await inAProcess(az, environment)).cachedIn)
    assert.deepEqual(origins, ['service', 'machine'])
    fs.rmSync(profile)
    assert.equal((await inAProcess(az, environment)).error, 'ERR_CREDENTIAL_UNAVAILABLE')
    assert.equal(fs.readFileSync(calls, 'utf8').split('\n').length - 1, 2, 'az was started')
  })

  test('is that of the active cloud, which a variable or a file names', async (t) => {
    const { profile, environment } = loggedIn(t)
    const az = { options: /** @type {Options} */ ({ credential: 'azureCli', cache: file }), endpoint }
    const origin = async (/** @type {Record<string, string>} */ changes = {}) => (await inAProcess(az, { ...environment, ...changes })).cachedIn
    assert.equal(await origin(), 'service')
    assert.equal(await origin({ AZURE_CLOUD_NAME: 'AzureChinaCloud' }), 'service')
    assert.equal(await origin(), 'machine')
    fs.writeFileSync(path.join(path.dirname(profile), 'config'), '[cloud]\nname = AzureChinaCloud\n')
    assert.equal(await origin(), 'service')
  })

  test('that azd uses in place of its own is the one that counts', async (t) => {
    const { profile, environment } = loggedIn(t)
    const [own, program] = ['.azd', 'bin/azd'].map((name) => path.join(environment.HOME, name))
    fs.mkdirSync(own)
    fs.writeFileSync(path.join(own, 'auth.json'), '{}')
    fs.writeFileSync(program, `#!/bin/sh\necho '{"token":"a.token.of.azd","expiresOn":"2100-01-01T00:00:00Z"}'\n`, { mode: 0o755 })
    const azd = { options: /** @type {Options} */ ({ credential: 'azureDeveloperCli', cache: file }), endpoint }
    const origin = async (/** @type {Record<string, string>} */ changes = {}) => (await inAProcess(azd, { ...environment, ...changes })).cachedIn
    for (const expected of ['service', 'machine']) assert.equal(await origin(), expected)
    fs.writeFileSync(path.join(own, 'config.json'), '{"auth":{"useAzCliAuth":"true"}}')
    for (const expected of ['service', 'machine']) assert.equal(await origin(), expected)
    fs.writeFileSync(profile, '{"subscriptions":[{}]}')
    for (const expected of ['service', 'machine']) assert.equal(await origin(), expected)
    assert.equal(await origin({ AZURE_CONFIG_DIR: environment.HOME }), 'service')
    assert.equal(await origin({ AZD_AUTH_ENDPOINT: 'http://127.0.0.1', AZD_AUTH_KEY: 'k' }), 'service', "an editor's account")
  })

  test('that azd uses for the tenant of a subscription, which a variable names, is that of this process', async (t) => {
    const { environment } = loggedIn(t)
    fs.mkdirSync(path.join(environment.HOME, '.azd'))
    fs.writeFileSync(path.join(environment.HOME, '.azd', 'auth.json'), '{}')
    const print = 'printf \'{"token":"a.token.of-%s","expiresOn":"2100-01-01T00:00:00Z"}\' "$AZURE_SUBSCRIPTION_ID$AZURE_ENV_NAME$IDENTITY_ENDPOINT"'
    fs.writeFileSync(path.join(environment.HOME, 'bin', 'azd'), `#!/bin/sh\n${print}\n`, { mode: 0o755 })
    const azd = { options: /** @type {Options} */ ({ credential: 'azureDeveloperCli', cache: file }), endpoint }
    const told = async (/** @type {Record<string, string>} */ changes) => {
      const { cachedIn, token } = await inAProcess(azd, { ...environment, ...changes })
      return [cachedIn, token]
    }
    for (const name of ['AZURE_SUBSCRIPTION_ID', 'AZURE_ENV_NAME', 'IDENTITY_ENDPOINT']) {
      for (const origin of ['service', 'machine']) {
        for (const value of ['a', 'b']) {
          assert.deepEqual(await told({ [name]: `${name}-${value}` }), [origin, `a.token.of-${name}-${value}`])
        }
      }
    }
    assert.deepEqual((await told({ AZURE_SUBSCRIPTION_ID: 'AZURE_SUBSCRIPTION_ID-a', TERM: 'x', AZURE_CLIENT_TOKEN_LOG: 'error' }))[0], 'machine')
  })

  test('that one process does not find gives its token to another one, and not to the chain\'s next member', async (t) => {
    const { environment } = loggedIn(t)
    const { authorityHost, ca, ...member } = application
    const chain = [{ credential: 'azureCli' }, member]
    const asked = { options: /** @type {Options} */ ({ credential: 'chain', authorityHost, ca, chain, cache: file }), endpoint }
    const withoutLogin = await inAProcess(asked, { ...environment, LOGGED_OUT: '1' })
    assert.equal(withoutLogin.cachedIn, 'service')
    assert.notEqual(withoutLogin.token, 'a.token.of.az')
    const outcomes = []
    for (const _ of times(2)) outcomes.push(await inAProcess(asked, environment))
    assert.deepEqual(outcomes.map(({ cachedIn, token }) => [cachedIn, token]), [['service', 'a.token.of.az'], ['machine', 'a.token.of.az']])
  })
})

/** A stand-in for az. @param {string} calls @param {string} profile */
const tool = (calls, profile) => `#!/bin/sh
echo call >> "${calls}"
[ -e "${profile}" ] && [ -z "$LOGGED_OUT" ] || { echo "ERROR: Please run 'az login' to setup account." >&2; exit 1; }
printf '{"accessToken":"a.token.of.az","expires_on":%s,"tokenType":"Bearer"}' $(($(date +%s) + 3600))
`

describe('the kernel\'s keyring', { skip: missingKeyring() }, () => {
  test('has the key, which a new session can read as well', async (t) => {
    const home = newHome(t, forgetKey)
    const origins = []
    for (const before of [[], FRESH_SESSION, []]) origins.push((await inAProcess(job(required), { HOME: home }, before)).cachedIn)
    assert.deepEqual(origins, ['service', 'machine', 'machine'])
    assert.ok(!contents(storeOf(home)).some(({ file: name }) => path.basename(name) === 'key'), 'no file contains it')
  })

  test('may be forbidden: then nothing is stored, with one warning', async (t) => {
    const environment = { HOME: newHome(t), AZURE_CLIENT_TOKEN_LOG: 'warn' }
    for (const _ of times(2)) {
      const { cachedIn, stderr } = await inAProcess(job('machine'), environment, NO_KEYRING)
      assert.equal(cachedIn, 'service')
      assert.match(stderr, /^[^\n]*warn[^\n]*keyring[^\n]*\n$/i)
    }
    assert.ok(contents(storeOf(environment.HOME)).every(({ content }) => content.length < 100), 'no token is kept')
    assert.equal((await inAProcess(job(file), environment, NO_KEYRING)).stderr, '')
  })
})

test('damaged and unusable files cost a request, and cause no failure', { skip: process.platform === 'win32' && 'needs POSIX file modes and links' }, async (t) => {
  const home = newHome(t)
  const environment = { HOME: home, AZURE_CLIENT_TOKEN_LOG: 'warn' }
  const origin = async () => {
    const { cachedIn, error, stderr } = await inAProcess(job(), environment)
    return [cachedIn ?? error, stderr.trim().split('\n').filter(Boolean).length]
  }
  assert.deepEqual(await origin(), ['service', 0])
  for (const damaged of [/\.t$/, /^key$/, /^id$/]) {
    for (const name of fs.readdirSync(storeOf(home)).filter((one) => damaged.test(one))) fs.writeFileSync(path.join(storeOf(home), name), 'damaged')
    assert.deepEqual(await origin(), ['service', 0], `${damaged} is created again`)
    assert.deepEqual(await origin(), ['machine', 0])
  }
  fs.chmodSync(storeOf(home), 0o770)
  assert.deepEqual(await origin(), ['service', 1], 'one warning')
})

test('explain() and the log say where the token was kept', async (t) => {
  const directory = newHome(t)
  const own = () => new ClientTokenCredential({ ...application, cache: { ...file, directory } })
  await inAProcess(job({ ...file, directory }), { HOME: directory })
  const { cachedIn, settings } = await own().explain({ endpoint })
  assert.equal(cachedIn, 'machine')
  const { stderr } = await inAProcess(job({ ...file, directory }), { HOME: directory, AZURE_CLIENT_TOKEN_LOG: 'debug' })
  assert.match(stderr, /a token of the client secret, valid for \d+ s, from the machine's store/)
  assert.ok(settings.some(({ name, suppliedBy }) => name === 'cache' && suppliedBy === 'option'))
})

test('an invalid option is an error that names it', () => {
  const made = (/** @type {unknown} */ cache) => () => new ClientTokenCredential(/** @type {Options} */ ({ ...application, cache }))
  /** @type {[string, unknown][]} */
  const wrongTypes = [
    ['options.cache must be', 'disk'], ['options.cache must be', true], ['options.cache.kind', { kind: 'disk' }],
    ['options.cache.directory', { ...file, directory: 1 }], ['options.cache.protection', { ...file, protection: 'none' }],
    ['options.cache.protection.keys', { ...file, protection: {} }],
    ['options.cache.protection.keys\\[0\\].id', { ...file, protection: { keys: [{ key: 'k' }] } }],
  ]
  for (const [name, cache] of wrongTypes) assert.throws(made(cache), { name: 'TypeError', message: new RegExp(`^${name}`) })
  for (const cache of [{ ...file, directory: 'relative' }, { ...file, protection: { keys: [] } }, { ...file, protection: { keys: [{ id: 'k', key: 'short' }] } }]) {
    assert.throws(made(cache), ConfigurationError)
  }
  const { authorityHost, ca, ...member } = application
  const chain = [{ ...member, cache: 'machine' }]
  assert.throws(() => new ClientTokenCredential(/** @type {any} */ ({ credential: 'chain', authorityHost, ca, chain })), ConfigurationError)
})
