// @ts-check
'use strict'

// az, azd, PowerShell and the user's own program, through the main entry: stand-ins on PATH print what the real tools print. The formats
// and texts are the Azure CLI's, and those of the tests of Azure's identity libraries.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { setTimeout: delay } = require('node:timers/promises')
const { after, beforeEach, describe, test } = require('node:test')
const { ClientTokenCredential, getClientConfig } = require('..')
const { logIn } = require('./support/login')
const { ended } = require('./support/processes')
const { recordedTools } = require('./support/recorded-tools')
const { createStandIns } = require('./support/stand-in')

const skip = process.platform === 'win32' && 'the stand-ins are POSIX shell scripts'
const TENANT = '7b795fb9-09d3-42f4-a494-38864f99ba3c'
const SCOPE = 'https://management.azure.com//.default'
const inAnHour = Math.floor(Date.now() / 1000) + 3600

/** @param {object} [changes] */
const azToken = (changes) =>
  JSON.stringify({
    accessToken: 'ey.az.token',
    expiresOn: '2026-01-01 13:00:00.000000',
    expires_on: inAnHour,
    subscription: '00000000-0000-4000-8000-000000000001',
    tenant: TENANT,
    tokenType: 'Bearer',
    ...changes
  })

describe('developer tools', { skip }, () => {
  const standIns = createStandIns()
  after(() => standIns.remove())
  beforeEach(() => {
    standIns.clear()
    logIn({ PATH: standIns.searchPath, AZURE_CONFIG_DIR: path.join(standIns.folder, 'azure') })
  })

  /** @param {Partial<import('..').AzureCliOptions>} [options] */
  const az = (options) => new ClientTokenCredential({ credential: 'azureCli', ...options })

  /**
   * @param {Promise<unknown>} call
   * @returns {Promise<any>}
   */
  const failure = (call) => call.then(() => assert.fail('a token came'), (error) => error)

  describe('the Azure CLI', () => {
    test('is run once for a token, with the resource of Pulumi\'s provider', async () => {
      standIns.install('az', { stdout: azToken(), stderr: 'WARNING: You have 2 updates available.\n' })
      const own = az()
      const tokens = await Promise.all([own.getClientToken(), own.getClientToken(), own.getToken(SCOPE)])
      assert.deepEqual(tokens.map(({ token }) => token), Array(3).fill('ey.az.token'))
      const [{ expiresOnTimestamp, source, tenantId }] = tokens
      assert.deepEqual([expiresOnTimestamp, source, tenantId], [inAnHour * 1000, 'azureCli', TENANT])
      assert.deepEqual(standIns.runs('az'), ['account get-access-token -o json --resource https://management.azure.com/'])
    })

    test('runs once for all concurrent calls, even those that want a new token', async () => {
      standIns.install('az', { stdout: azToken(), seconds: 0.5 })
      const calls = Array.from({ length: 10 }, (_, index) => az().getClientToken({}, { forceRefresh: index > 6 }))
      assert.deepEqual(new Set((await Promise.all(calls)).map(({ token }) => token)), new Set(['ey.az.token']))
      assert.equal(standIns.runs('az').length, 1)
    })

    test('prints local time before 2.54, in the zone of TZ', async () => {
      const noon = `${new Date().getUTCFullYear() + 1}-07-01`
      standIns.install('az', { stdout: azToken({ expires_on: undefined, expiresOn: `${noon} 12:00:00.000000` }) })
      for (const [zone, time] of [['Etc/GMT-3', '09:00'], ['CET-1CEST,M3.5.0,M10.5.0/3', '10:00'], ['UTC', '12:00']]) {
        logIn({ TZ: zone })
        const { expiresOnTimestamp } = await az().getClientToken()
        const longest = Date.now() + 365 * 24 * 3_600_000
        const wanted = Date.parse(`${noon}T${time}:00Z`)
        assert.ok(Math.abs(expiresOnTimestamp - Math.min(wanted, longest)) < 60_000, `${zone}: ${new Date(expiresOnTimestamp)}`)
      }
    })

    test('without a home folder in its environment runs again after five minutes, because no file shows a change of the account', async () => {
      standIns.install('az', { stdout: azToken() })
      const watched = await az().getClientToken()
      assert.ok(Number(watched.refreshAfterTimestamp) - Date.now() > 5 * 60_000, String(watched.refreshAfterTimestamp))
      delete process.env.HOME
      delete process.env.AZURE_CONFIG_DIR
      const unwatched = await az().getClientToken()
      assert.ok(Number(unwatched.refreshAfterTimestamp) - Date.now() <= 5 * 60_000, String(unwatched.refreshAfterTimestamp))
    })

    test('gets the subscription only if that is not its default', async () => {
      writeProfile()
      standIns.install('az', { stdout: azToken() })
      await az({ subscription: 'one' }).getClientToken()
      await az({ subscription: 'two' }).getClientToken()
      const asked = 'account get-access-token -o json --resource https://management.azure.com/'
      assert.deepEqual(standIns.runs('az'), [asked, `${asked} --subscription two`])
    })

    /** @type {[name: string, login: Record<string, string>, subscription: string, asked: string][]} */
    const accounts = [
      ['in Pulumi, its default one', { PULUMI_CONFIG: '{}' }, 'one', ''],
      ['in Pulumi, by its id', { PULUMI_CONFIG: '{"azure-native:subscriptionId":"two"}' }, 'two', ' --subscription two'],
      ['in Pulumi, by its name', { PULUMI_CONFIG: '{}', ARM_SUBSCRIPTION_ID: 'Second One' }, 'two', ' --subscription Second One'],
      ['in the default chain, its default one', { AZURE_TOKEN_CREDENTIALS: 'AzureCLICredential' }, 'one', ''],
      ['in the default chain, by its name', { AZURE_TOKEN_CREDENTIALS: 'AzureCLICredential', ARM_SUBSCRIPTION_ID: 'Second One' }, 'two', '']
    ]
    for (const [name, login, subscriptionId, asked] of accounts) {
      test(`gives getClientConfig the id of its account: ${name}`, async () => {
        writeProfile()
        const [clientId, objectId] = ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', '0bb0bbbb-0000-4000-8000-00000000000b']
        const claims = { appid: clientId, tid: TENANT, oid: objectId }
        const accessToken = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`
        standIns.install('az', { stdout: azToken({ accessToken }) })
        logIn({ PATH: standIns.searchPath, AZURE_CONFIG_DIR: path.join(standIns.folder, 'azure'), ...login })
        assert.deepEqual(await getClientConfig(), { clientId, objectId, subscriptionId, tenantId: TENANT })
        assert.deepEqual(standIns.runs('az'), [`account get-access-token -o json --resource https://graph.microsoft.com/${asked}`])
      })
    }

    /** Writes az's file of accounts. */
    function writeProfile() {
      const account = (/** @type {string} */ id, /** @type {string} */ name, isDefault = false) => ({ id, name, isDefault, environmentName: 'AzureCloud' })
      const profile = { subscriptions: [account('one', 'First One', true), account('two', 'Second One')] }
      const folder = path.join(standIns.folder, 'azure')
      fs.mkdirSync(folder)
      fs.writeFileSync(path.join(folder, 'azureProfile.json'), `\ufeff${JSON.stringify(profile)}`)
    }

    test('is ended when no call waits for it any more', async () => {
      standIns.install('az', { hangs: true })
      const controller = new AbortController()
      const call = failure(az().getClientToken({}, { signal: controller.signal }))
      while (!standIns.pid('az')) await delay(20)
      controller.abort(new Error('enough'))
      assert.equal((await call).message, 'enough')
      await ended(standIns.pid('az'))
    })

    test('gets no argument that could be read as anything else', async () => {
      standIns.install('az', { stdout: azToken() })
      await assert.rejects(az().getToken('https://x/$(id)/.default'), { code: 'ERR_CONFIGURATION', message: /invalid scope/ })
      await assert.rejects(az({ subscription: 'a;b' }).getClientToken(), { code: 'ERR_CONFIGURATION' })
      assert.deepEqual(standIns.runs('az'), [])
    })
  })

  for (const tool of recordedTools(TENANT, inAnHour)) {
    describe(`${tool.program}, with its own messages,`, () => {
      const own = (/** @type {{ processTimeout?: number }} */ options) =>
        new ClientTokenCredential({ credential: tool.credential, tenantId: TENANT, ...options })

      /**
       * Each format with its own audience, so that the cache answers none with the token of another.
       * @param {import('./support/stand-in').Behaviour[]} shapes
       * @param {(call: Promise<import('..').GetClientTokenResult>, shape: string) => Promise<void>} check
       */
      const each = async (shapes, check) => {
        for (const [at, shape] of shapes.entries()) {
          standIns.install(tool.program, shape)
          await check(own({}).getToken(`https://api-${at}.example/.default`), shape.stderr ?? '')
        }
      }

      test('gives a token, with or without a warning', () =>
        each(tool.tokens, async (call) => {
          const { token, expiresOnTimestamp, source } = await call
          assert.deepEqual([token, expiresOnTimestamp, source], ['ey.tool.token', inAnHour * 1000, tool.credential])
        }))

      for (const state of /** @type {const} */ (['notLoggedIn', 'expired'])) {
        test(`is unavailable if it is ${state}, and the error says which command to run`, () =>
          each(tool[state], async (call, shape) => {
            const error = await failure(call)
            assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE', shape)
            assert.ok(error.message.endsWith(`Run: ${tool.login}`), error.message)
            assert.doesNotMatch(error.message, /Trace ID|consoleMessage|it does not say why/)
          }))
      }

      test('refuses a tenant that is not its own', () =>
        each(tool.wrongTenant, async (call, shape) => {
          const error = await failure(call)
          assert.equal(error.code, 'ERR_AUTHENTICATION', shape)
          assert.deepEqual([error.errorCodes, error.traceId, error.correlationId], [[90002], 't-1', 'c-1'])
          assert.equal(error.statusCode, undefined, 'Entra ID refused the tool, not this package')
          assert.match(error.message, new RegExp(`AADSTS90002: Tenant '${TENANT}' not found.*or run: ${tool.login}$`))
        }))

      test('shows nothing of output that is not a token', () =>
        each([{ stdout: 'marker-token' }, { stdout: '{"accessToken":"marker-token"' }, { stdout: '' }], async (call) => {
          const error = await failure(call)
          assert.equal(error.code, 'ERR_NETWORK')
          assert.doesNotMatch(require('node:util').inspect(error, { depth: 9 }), /marker/)
        }))

      test('is ended with all that it started if it hangs', async () => {
        standIns.install(tool.program, { hangs: true })
        const error = await failure(own({ processTimeout: 1500 }).getToken(SCOPE))
        assert.equal(error.code, 'ERR_TIMEOUT')
        assert.match(error.message, /within 1500 ms/)
        await ended(standIns.pid(tool.program))
      })

      test('that is missing is reported with its source', async () => {
        const error = await failure(own({}).getToken(SCOPE))
        assert.equal(error.code, 'ERR_CREDENTIAL_UNAVAILABLE')
        assert.match(error.message, /not installed.*https:\/\/aka\.ms\//)
      })
    })
  }

  /**
   * The file in which each tool stores its login.
   * @type {[credential: 'azureCli' | 'azureDeveloperCli' | 'azurePowerShell', program: string, file: string][]}
   */
  const logins = [
    ['azureCli', 'az', '.azure/azureProfile.json'],
    ['azureDeveloperCli', 'azd', '.azd/auth.json'],
    ['azurePowerShell', 'pwsh', '.Azure/AzureRmContext.json']
  ]
  for (const [credential, program, file] of logins) {
    test(`a token of ${program} is dropped a second after its logout`, async () => {
      const login = path.join(standIns.folder, file)
      fs.mkdirSync(path.dirname(login))
      fs.writeFileSync(login, '{}')
      logIn({ PATH: standIns.searchPath, HOME: standIns.folder })
      const given = program === 'az' ? azToken() : JSON.stringify({ token: 'ey.tool.token', expiresOn: inAnHour })
      standIns.install(program, { stdout: given })
      const own = new ClientTokenCredential({ credential })
      await own.getClientToken()
      await own.getClientToken()
      assert.equal(standIns.runs(program).length, 1)
      fs.rmSync(login)
      await delay(1100)
      await own.getClientToken()
      assert.equal(standIns.runs(program).length, 2)
    })
  }

  test('azd runs without a prompt, for the unchanged scope', async () => {
    standIns.install('azd', { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn: inAnHour }) })
    await new ClientTokenCredential({ credential: 'azureDeveloperCli', tenantId: TENANT }).getToken(SCOPE)
    assert.deepEqual(standIns.runs('azd'), [`auth token -o json --no-prompt --scope ${SCOPE} --tenant-id ${TENANT}`])
  })

  test('PowerShell runs an encoded script', async () => {
    standIns.install('pwsh', { stdout: JSON.stringify({ token: 'ey.pwsh.token', expiresOn: inAnHour, tenantId: TENANT }) })
    await new ClientTokenCredential({ credential: 'azurePowerShell' }).getToken(SCOPE)
    const [[, encoded]] = [...(standIns.runs('pwsh')[0] ?? '').matchAll(/-EncodedCommand (\S+)$/g)]
    const script = Buffer.from(encoded ?? '', 'base64').toString('utf16le')
    assert.match(script, /ResourceUrl = 'https:\/\/management\.azure\.com\/'/)
  })

  test('the user\'s own command gets the request without a shell', async () => {
    standIns.install('give-token', { stdout: JSON.stringify({ token: 'ey.own.token', expiresOn: inAnHour }) })
    const own = new ClientTokenCredential({ credential: 'command', program: 'give-token', arguments: ['{scope}', '$HOME;`id`'] })
    const { token, source } = await own.getToken('api://x/.default')
    assert.deepEqual([token, source], ['ey.own.token', 'command'])
    assert.deepEqual(standIns.runs('give-token'), ['api://x/.default $HOME;`id`'])
  })

  test('the default chain asks its next member after a failing tool', async () => {
    standIns.install('az', { exit: 1, stderr: 'ERROR: AADSTS90002: Tenant not found.\n' })
    standIns.install('azd', { stdout: JSON.stringify({ token: 'ey.azd.token', expiresOn: inAnHour }) })
    logIn({ AZURE_TOKEN_CREDENTIALS: 'dev' })
    const { source } = await new ClientTokenCredential({ credential: 'default' }).getClientToken()
    assert.equal(source, 'azureDeveloperCli')
  })
})
