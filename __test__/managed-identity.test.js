// @ts-check
'use strict'

// Each kind of Azure host, through the package's main entry, with the emulator as the host's service.

const assert = require('node:assert/strict')
const { after, afterEach, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { ClientTokenCredential, clearCache, getClientToken } = require('..')
const { claimsOf } = require('./support/claims')
const { logIn } = require('./support/login')
const { IMDS_ADDRESS, namespaceMissing, runInNamespace } = require('./support/namespace')

describe('managed identity', () => {
  /** @type {import('../emulator').Emulator} */
  let emulator
  before(async () => void (emulator = await startEmulator()))
  after(() => emulator.close())
  afterEach(() => {
    logIn({})
    emulator.faults.clear()
    emulator.resetCounters()
  })

  /** @param {Partial<import('..').ManagedIdentityId>} [identity] */
  const credential = (identity) => new ClientTokenCredential({ credential: 'managedIdentity', ...identity })

  /** @type {[string, 'imds' | 'appService' | 'serviceFabric' | 'azureMl' | 'cloudShell'][]} */
  const hosts = [
    ['IMDS', 'imds'],
    ['App Service', 'appService'],
    ['Service Fabric', 'serviceFabric'],
    ['Azure Machine Learning', 'azureMl'],
    ['Cloud Shell', 'cloudShell']
  ]
  for (const [name, host] of hosts) {
    test(`${name} gives the token of its own identity`, async () => {
      logIn(emulator.managedIdentity[host].environment)
      const { token, source, expiresOnTimestamp } = await credential().getClientToken()
      assert.equal(source, 'managedIdentity')
      assert.equal(claimsOf(token).appid, emulator.managedIdentity.systemAssigned?.clientId)
      assert.equal(claimsOf(token).aud, 'https://management.azure.com/')
      assert.equal(expiresOnTimestamp, claimsOf(token).exp * 1000)
      assert.equal(emulator.counters.managedIdentityRequests, 1)
    })
  }

  for (const host of /** @type {const} */ (['imds', 'appService'])) {
    test(`${host} finds a user-assigned identity by each of its ids`, async () => {
      logIn(emulator.managedIdentity[host].environment)
      const [{ clientId, objectId, resourceId = '' }] = emulator.managedIdentity.userAssigned
      for (const id of [{ clientId }, { objectId }, { resourceId }]) {
        const { token } = await credential(id).getClientToken()
        assert.equal(claimsOf(token).appid, clientId, JSON.stringify(id))
      }
    })
  }

  for (const host of /** @type {const} */ (['appService', 'serviceFabric'])) {
    test(`${host} gives another token in place of one that a resource has refused`, async () => {
      logIn(emulator.managedIdentity[host].environment)
      const own = credential()
      const scope = 'https://graph.microsoft.com/.default'
      const { token: refused } = await own.getToken(scope, { enableCae: true })
      clearCache()
      assert.equal((await own.getToken(scope, { enableCae: true })).token, refused, 'the host caches the token as well')
      const claims = JSON.stringify({ access_token: { nbf: { essential: true, value: '1' } } })
      const { token } = await own.getToken(scope, { enableCae: true, claims })
      assert.notEqual(token, refused)
    })
  }

  test('Azure Machine Learning finds a user-assigned identity by its client id, and refuses other ids', async () => {
    logIn(emulator.managedIdentity.azureMl.environment)
    const [{ clientId, objectId }] = emulator.managedIdentity.userAssigned
    assert.equal(claimsOf((await credential({ clientId }).getClientToken()).token).appid, clientId)
    await assert.rejects(credential({ objectId }).getClientToken(), { code: 'ERR_CONFIGURATION' })
    assert.equal(emulator.counters.managedIdentityRequests, 1)
  })

  test('ARM_USE_MSI selects the host, and ARM_CLIENT_ID names the identity', async () => {
    const [{ clientId }] = emulator.managedIdentity.userAssigned
    logIn({ ...emulator.managedIdentity.appService.environment, ARM_USE_MSI: 'true', ARM_CLIENT_ID: clientId })
    assert.equal(claimsOf((await getClientToken()).token).appid, clientId)
  })

  test('a host without a choice of identities is not asked for another one', async () => {
    for (const host of /** @type {const} */ (['cloudShell', 'serviceFabric'])) {
      logIn(emulator.managedIdentity[host].environment)
      await assert.rejects(credential({ clientId: 'someone' }).getClientToken(), { code: 'ERR_CONFIGURATION' })
    }
    assert.equal(emulator.counters.managedIdentityRequests, 0)
  })

  test('a refusal has the words of the service, and not the secret of the request', async () => {
    const { environment } = emulator.managedIdentity.appService
    logIn({ ...environment, IDENTITY_HEADER: 'marker-header' })
    const error = await credential().getClientToken().catch((/** @type {any} */ reason) => reason)
    assert.equal(error.code, 'ERR_AUTHENTICATION')
    assert.equal(error.statusCode, 401)
    assert.doesNotMatch(require('node:util').inspect(error, { depth: 9 }), /marker-header/)
  })

  test('another certificate than the expected one is refused', async () => {
    const { environment } = emulator.managedIdentity.serviceFabric
    logIn({ ...environment, IDENTITY_SERVER_THUMBPRINT: '0'.repeat(40) })
    await assert.rejects(credential().getClientToken(), { code: 'ERR_NETWORK', phase: 'tls', message: /thumbprint/ })
    assert.equal(emulator.counters.managedIdentityRequests, 0)
  })

  test('Service Fabric needs its thumbprint alone: unreadable certificates of the machine do not matter', async () => {
    logIn({ ...emulator.managedIdentity.serviceFabric.environment, SSL_CERT_FILE: '/nowhere/roots.pem' })
    assert.ok((await credential().getClientToken()).token)
  })

  test('IMDS is asked again while it is being updated', async () => {
    logIn(emulator.managedIdentity.imds.environment)
    emulator.faults.add({ when: ({ service }) => service === 'imds', status: 410, times: 1 })
    assert.ok((await credential().getClientToken()).token)
    assert.equal(emulator.counters.managedIdentityRequests, 1)
  })

  test('the token is cached, however many calls ask', async () => {
    logIn(emulator.managedIdentity.appService.environment)
    const own = credential()
    const tokens = await Promise.all(Array.from({ length: 20 }, () => own.getToken('https://graph.microsoft.com/.default')))
    assert.equal(new Set(tokens.map(({ token }) => token)).size, 1)
    assert.equal(emulator.counters.managedIdentityRequests, 1)
    clearCache()
    await own.getToken('https://graph.microsoft.com/.default')
    assert.equal(emulator.counters.managedIdentityRequests, 2)
  })
})

describe('managed identity at its real address', { skip: namespaceMissing() }, () => {
  /**
   * Server and client both run in the namespace: no request to the address may leave the machine.
   * @param {string} body code that uses `emulator` and the package; its result is printed
   * @param {Record<string, string>} [environment]
   */
  async function inside(body, environment) {
    const script = `
      const { startEmulator } = require('./emulator')
      const { ClientTokenCredential, getClientToken } = require('.')
      async function main() { ${body} }
      main().then((value) => {
        console.log(JSON.stringify(value))
        process.exit()
      })`
    const { stdout, stderr } = await runInNamespace(script, { environment, addresses: [IMDS_ADDRESS] })
    return JSON.parse(stdout || assert.fail(stderr))
  }

  const START = `const emulator = await startEmulator({ managedIdentity: { imds: { host: '${IMDS_ADDRESS}', port: 80 } } })`

  test('IMDS is found without any setting, and without a proxy', async () => {
    const proxy = 'http://127.0.0.1:1'
    const { token, own, requests } = await inside(
      `${START}
      const { token } = await new ClientTokenCredential({ credential: 'managedIdentity' }).getClientToken()
      const { counters, managedIdentity } = emulator
      return { token, own: managedIdentity.systemAssigned.clientId, requests: counters.managedIdentityRequests }`,
      { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy }
    )
    assert.equal(claimsOf(token).appid, own)
    assert.equal(requests, 1)
  })

  test('the error for a missing identity has the words of IMDS', async () => {
    const error = await inside(
      `${START}
      const credential = new ClientTokenCredential({ credential: 'managedIdentity', clientId: 'unknown-client' })
      return credential.getClientToken().catch(({ code, message, statusCode }) => ({ code, message, statusCode }))`
    )
    assert.deepEqual([error.code, error.statusCode], ['ERR_AUTHENTICATION', 400])
    assert.match(error.message, /Identity not found.*unknown-client/s)
  })

  test('where no service answers, the source is unavailable', async () => {
    const error = await inside(
      `const credential = new ClientTokenCredential({ credential: 'managedIdentity' })
      return credential.getClientToken().catch(({ code, message, attempts }) => ({ code, message, attempts }))`
    )
    assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE')
    assert.match(error.message, /no managed identity here/)
    assert.deepEqual(error.attempts.map((/** @type {any} */ { outcome }) => outcome), ['unavailable'])
  })

  test('the default chain probes for a second, and continues', async () => {
    const { code, sources, seconds } = await inside(
      `process.env.PATH = '/nowhere'
      const start = Date.now()
      const error = await getClientToken().catch((reason) => reason)
      return { code: error.code, sources: error.attempts.map(({ source }) => source), seconds: (Date.now() - start) / 1000 }`
    )
    assert.equal(code, 'ERR_CREDENTIAL_UNAVAILABLE')
    assert.ok(sources.includes('managedIdentity') && sources.includes('azureCli'), sources.join())
    assert.ok(seconds < 5, `${seconds} s`)
  })

  test('Azure Arc: the request has the key that the agent names in its own folder', async () => {
    // A command in a namespace has its own mounts: only it sees the folder that is mounted over /var/opt.
    const { token, own, requests } = await inside(
      `require('node:child_process').execFileSync('mount', ['-t', 'tmpfs', 'none', '/var/opt'])
      const arcTokensFolder = '/var/opt/azcmagent/tokens'
      const emulator = await startEmulator({ managedIdentity: { arcTokensFolder } })
      Object.assign(process.env, emulator.managedIdentity.azureArc.environment)
      const { token } = await new ClientTokenCredential({ credential: 'managedIdentity' }).getClientToken()
      const { counters, managedIdentity } = emulator
      return { token, own: managedIdentity.systemAssigned.clientId, requests: counters.managedIdentityRequests }`
    )
    assert.equal(claimsOf(token).appid, own)
    assert.equal(requests, 2, 'a challenge and an answer to it')
  })

  test('Azure Arc: a challenge that names another file gets no content', async () => {
    const { error, authorizations } = await inside(
      `const emulator = await startEmulator({ managedIdentity: { arcTokensFolder: require('node:os').tmpdir() + '/elsewhere-' + process.pid } })
      Object.assign(process.env, emulator.managedIdentity.azureArc.environment)
      const credential = new ClientTokenCredential({ credential: 'managedIdentity' })
      const { code, message } = await credential.getClientToken().catch((reason) => reason)
      const authorizations = emulator.requests.filter(({ headers }) => headers.authorization).length
      require('node:fs').rmSync(emulator.managedIdentity.arcTokensFolder, { recursive: true })
      return { error: { code, message }, authorizations }`
    )
    assert.equal(error.code, 'ERR_AUTHENTICATION')
    assert.match(error.message, /was not followed/)
    assert.equal(authorizations, 0)
  })
})
