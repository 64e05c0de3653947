// @ts-check
'use strict'

// The identity of the login context, and how it was chosen.

const assert = require('node:assert/strict')
const { after, before, beforeEach, describe, test } = require('node:test')
const { claimsOf } = require('./support/claims')
const { startEmulator } = require('../emulator')
const { checkedOptions } = require('../js/arguments')
const { TokenClient } = require('../js/client')
const { environmentSnapshot, reader } = require('../js/environment')
const { ClientTokenCredential, ConfigurationError, explain, getClientConfig, getClientToken } = require('..')
const { logIn } = require('./support/login')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {Record<string, string>} */
let environment

before(async () => {
  emulator = await startEmulator()
  environment = emulator.environment()
})
after(() => emulator.close())

beforeEach(() => {
  logIn(environment)
  emulator.resetCounters()
  emulator.faults.clear()
})

describe('a variable of the environment', () => {
  test('is found on Windows in any case, and in a worker, whose copy distinguishes cases', () => {
    assert.equal(reader({ Path: 'C:\\az' }, 'win32')('PATH'), 'C:\\az')
    assert.equal(reader({ Path: '/az' }, 'linux')('PATH'), undefined)
    assert.equal(reader({ PATH: '/az' }, 'linux')('PATH'), '/az')
  })
})

describe('getClientConfig', () => {
  test('reads the claims of one Graph token', async () => {
    process.env.ARM_SUBSCRIPTION_ID = 'a-subscription'
    const config = await getClientConfig()
    const claims = claimsOf((await getClientToken({ endpoint: 'https://graph.microsoft.com/' })).token)
    assert.deepEqual(config, {
      clientId: environment.ARM_CLIENT_ID,
      objectId: claims.oid,
      subscriptionId: 'a-subscription',
      tenantId: environment.ARM_TENANT_ID,
    })
    assert.equal(emulator.counters.tokenRequests, 1)
    assert.ok(Object.isFrozen(config))
  })

  test('fails like a token', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    await assert.rejects(getClientConfig(), { code: 'ERR_AUTHENTICATION' })
    await assert.rejects(getClientConfig({ signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' })
  })
})

describe('explain', () => {
  test('reports what was considered and tried, and no value', async () => {
    const explanation = await explain()
    assert.equal(explanation.source, 'clientSecret')
    assert.deepEqual(explanation.scopes, ['https://management.azure.com//.default'])
    const decisions = explanation.considered.map(({ source, decision }) => [source, decision])
    assert.deepEqual(decisions, [
      ['clientCertificate', 'notConfigured'], ['clientSecret', 'chosen'], ['oidc', 'notConfigured'],
      ['managedIdentity', 'notConfigured'], ['chain', 'overruled']
    ])
    const seen = explanation.considered[1].settings
    assert.deepEqual(seen[0], { name: 'ARM_CLIENT_SECRET', suppliedBy: 'environment' })
    assert.deepEqual(explanation.settings.map(({ name }) => name), ['AZURE_AUTHORITY_HOST', 'NODE_EXTRA_CA_CERTS'])
    assert.deepEqual(explanation.attempts.map(({ source, outcome }) => [source, outcome]), [['clientSecret', 'used']])
    assert.equal(explanation.error, undefined)
    assert.ok(!JSON.stringify(explanation).includes(environment.ARM_CLIENT_SECRET))
  })

  test('resolves even without a token', async () => {
    process.env.ARM_CLIENT_SECRET = 'wrong'
    const { attempts, source, error } = await explain()
    assert.equal(source, 'clientSecret')
    assert.equal(attempts[0].outcome, 'failed')
    assert.match(attempts[0].reason ?? '', /AADSTS7000215/)
    assert.equal(error?.code, 'ERR_AUTHENTICATION')
  })

  /** @type {[name: string, environment: Record<string, string>, settings: string[], incomplete: string[]][]} */
  const useless = [
    ['a method lacks something', { ARM_TENANT_ID: '' }, ['ARM_TENANT_ID'], ['clientSecret']],
    ['the cloud is unknown', { ARM_ENVIRONMENT: 'mars' }, ['ARM_ENVIRONMENT', 'ARM_METADATA_HOSTNAME'], []],
    ['auxiliary tenants are malformed', { ARM_AUXILIARY_TENANT_IDS: '[' }, ['ARM_AUXILIARY_TENANT_IDS'], []],
    ['Pulumi\'s configuration is malformed', { PULUMI_CONFIG: '[' }, ['PULUMI_CONFIG'], []],
    ['the chain\'s switch is unknown', { ARM_USE_DEFAULT_AZURE_CREDENTIAL: 'true', AZURE_TOKEN_CREDENTIALS: 'all' }, ['AZURE_TOKEN_CREDENTIALS'], ['chain']]
  ]

  for (const [name, changes, settings, incomplete] of useless) {
    for (const [caller, ask] of Object.entries({ function: explain, credential: () => new ClientTokenCredential().explain() })) {
      test(`resolves with unusable settings, and says why: ${name} (${caller})`, async () => {
        Object.assign(process.env, changes)
        const thrown = await getClientToken().then(() => assert.fail('a token came'), (error) => error)
        const { considered, attempts, source, error } = await ask()
        assert.deepEqual(error, { code: 'ERR_CONFIGURATION', message: thrown.message, settings: thrown.settings })
        assert.deepEqual(error?.settings, settings)
        assert.deepEqual([attempts, source], [[], undefined])
        const told = considered.filter(({ decision }) => decision === 'incomplete')
        assert.deepEqual(told.map(({ source, error }) => [source, error?.message]), incomplete.map((kind) => [kind, thrown.message]))
        assert.ok(!JSON.stringify({ considered, error }).includes(environment.ARM_CLIENT_SECRET))
      })
    }
  }

  test('refuses invalid arguments', async () => {
    await assert.rejects(explain({ endpoint: 'a' }, { scopes: 'b/.default' }), { code: 'ERR_CONFIGURATION' })
  })

  for (const [name, changes] of Object.entries({ 'with a login': {}, 'where the settings are no use': { ARM_TENANT_ID: '' } })) {
    test(`refuses arguments of a wrong type, ${name}`, async () => {
      Object.assign(process.env, changes)
      await assert.rejects(explain(/** @type {any} */ ({ endpoint: 1 })), TypeError)
      await assert.rejects(explain({}, /** @type {any} */ ({ timeout: 'soon' })), TypeError)
      await assert.rejects(new ClientTokenCredential().explain(/** @type {any} */ ('https://graph.microsoft.com')), TypeError)
      await assert.rejects(explain({}, { provider: {} }), { code: 'ERR_CONFIGURATION' })
      await assert.rejects(explain({}, { signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' })
    })
  }
})

describe('a configuration of Pulumi', () => {
  const own = () => ({ tenantId: environment.ARM_TENANT_ID, clientId: environment.ARM_CLIENT_ID, clientSecret: environment.ARM_CLIENT_SECRET })

  test('from the entry for programs has its own client', async () => {
    const { ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET, ...others } = environment
    const made = { credential: /** @type {const} */ ('pulumi'), config: own(), configSource: /** @type {const} */ ('stack'), environment: others }
    const { source } = await new TokenClient(made).getClientToken()
    assert.equal(source, 'clientSecret')
    assert.equal((await new TokenClient(made).getClientConfig()).clientId, ARM_CLIENT_ID)
    const { considered } = await new TokenClient(made).explain(undefined, checkedOptions(undefined))
    const chosen = considered.find(({ decision }) => decision === 'chosen')
    assert.deepEqual(chosen?.settings.map(({ suppliedBy }) => suppliedBy), ['config', 'config', 'config'])
  })

  test('in the environment is used by the main entry', async () => {
    const keys = Object.entries(own()).map(([key, value]) => [`azure-native:${key}`, value])
    process.env.ARM_CLIENT_SECRET = 'the configuration beats it'
    process.env.PULUMI_CONFIG = JSON.stringify(Object.fromEntries(keys))
    assert.equal((await getClientToken()).source, 'clientSecret')
  })

  test('that is malformed is reported without its values', async () => {
    process.env.PULUMI_CONFIG = '{"azure-native:clientSecret": marker'
    await assert.rejects(getClientToken(), (error) => {
      assert.ok(error instanceof ConfigurationError)
      assert.deepEqual(error.settings, ['PULUMI_CONFIG'])
      return !error.message.includes('marker')
    })
  })

  test('has the messages of the provider', () => {
    const make = () => new TokenClient({ credential: 'pulumi', config: { clientSecret: 's' }, configSource: 'provider', environment: environmentSnapshot() })
    delete process.env.ARM_TENANT_ID
    assert.throws(make, (error) => {
      assert.ok(error instanceof ConfigurationError)
      assert.deepEqual(error.settings, ['tenantId', 'ARM_TENANT_ID'])
      return error.message.startsWith('A Tenant ID must be configured when authenticating as a Service Principal using a Client Secret.')
    })
  })
})
