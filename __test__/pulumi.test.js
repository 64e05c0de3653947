// @ts-check
'use strict'

// What the Pulumi entry requests from the native client. The SDK's own host for inline programs runs the programs against an engine; only
// the native client is a stand-in. pulumi-programs.test.js has programs that get real tokens.

const { describe, test } = require('node:test')
const assert = require('node:assert/strict')
const pulumi = require('@pulumi/pulumi')
const { clearCache } = require('..')
const { MOST_CLIENTS, clientRegistry } = require('../js/pulumi/clients.js')
const { ConfigurationError } = require('../js/errors.js')
const { Provider } = require('./support/azure-native/provider')
const { runInline } = require('./support/inline-program')
const { revealed } = require('./support/pulumi-engine')
const { Component, RawProvider, Thing } = require('./support/pulumi-resources')
const { ask, engineFor, result, standIn } = require('./support/pulumi-stand-in')

/** @typedef {import('./support/azure-native/provider').ProviderArgs} ProviderArgs */
/** @typedef {ReturnType<typeof standIn>} StandIn */

const modes = /** @type {const} */ (['update', 'preview'])

describe('the configuration of the stack', () => {
  test('passes its settings on without prefix, and only those that are present', async () => {
    const config = { 'azure-native:tenantId': 't', 'azure-native:useOidc': 'false', 'azure-native:location': 'x', 'p:clientId': 'c' }
    const { login } = await ask({ config })
    assert.deepEqual(login.questions, [{ configSource: 'stack', config: { tenantId: 't', useOidc: 'false' } }])
  })

  test('keeps a setting that is present and empty, because it hides the environment', async () => {
    const { login } = await ask({ config: { 'azure-native:clientSecret': '' } })
    assert.deepEqual(login.questions, [{ configSource: 'stack', config: { clientSecret: '' } }])
  })

  test('is passed on completely: every setting that the provider knows', async () => {
    const all = Object.fromEntries(documentedSettings.map((name) => [name, `value of ${name}`]))
    const config = Object.fromEntries(documentedSettings.map((name) => [`azure-native:${name}`, all[name]]))
    const { login } = await ask({ config })
    assert.deepEqual(login.questions, [{ configSource: 'stack', config: all }])
  })

  test('of one inline program is not seen by another that runs at the same time', async (t) => {
    const login = standIn()
    const tenants = ['one', 'two', 'three']
    await Promise.all(tenants.map((tenant) => runTogether(t, login, tenant)))
    assert.deepEqual(login.questions.map(({ config }) => config.tenantId).sort(), ['one', 'one', 'three', 'three', 'two', 'two'])
  })

  /** @param {import('node:test').TestContext} t @param {StandIn} login @param {string} tenant */
  async function runTogether(t, login, tenant) {
    const engine = await engineFor(t)
    const program = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      const { token } = await login.functions.getClientToken()
      return { plain: token, output: login.functions.getClientTokenOutput() }
    }
    const { outputs } = await runInline(engine, program, { 'azure-native:tenantId': tenant })
    assert.equal(outputs.plain, `token of ${tenant}`)
    assert.equal(revealed(outputs.output).token, `token of ${tenant}`)
  }
})

describe('which provider', () => {
  test('the given one precedes the parent\'s, and the stack\'s configuration is not added to it', async () => {
    const { login } = await ask({
      config: { 'azure-native:clientId': 'of the stack' },
      options: () => ({ provider: new Provider('given', { tenantId: 'given' }), parent: new Component('parent', { providers: [new Provider('other', { tenantId: 'other' })] }) })
    })
    assert.deepEqual(login.questions, [{ configSource: 'provider', config: { tenantId: 'given', environment: 'public' } }])
  })

  test('the parent\'s for the package, if none is given', async () => {
    const { login } = await ask({ options: () => ({ parent: new Component('parent', { providers: [new Provider('theirs', { tenantId: 'theirs' })] }) }) })
    assert.deepEqual(login.questions, [{ configSource: 'provider', config: { tenantId: 'theirs', environment: 'public' } }])
  })

  test('the default one under a parent that has providers of other packages only', async () => {
    const config = { 'azure-native:tenantId': 'of the stack' }
    const options = () => ({ parent: new Component('parent', { providers: [new RawProvider('random', 'random', {})] }) })
    const { login } = await ask({ config, options })
    assert.deepEqual(login.questions, [{ configSource: 'stack', config: { tenantId: 'of the stack' } }])
  })

  test('never one of another package', async () => {
    const { failure, login } = await ask({ options: () => ({ provider: new RawProvider('random', 'random', { tenantId: 't' }) }) })
    assert.ok(failure instanceof ConfigurationError)
    assert.match(failure.message, /pulumi:providers:random, not pulumi:providers:azure-native/)
    assert.deepEqual(login.questions, [])
  })

  test('never one that cannot be read: a reference, as remote components have', async () => {
    const reference = 'urn:pulumi:dev::p::pulumi:providers:azure-native::theirs::theirs-id'
    const { failure, login } = await ask({ options: () => ({ provider: remoteReference(reference) }) })
    assert.ok(failure instanceof ConfigurationError)
    assert.match(failure.message, /no inputs that this program can read/)
    assert.deepEqual(login.questions, [])
  })

  /** @param {string} reference */
  function remoteReference(reference) {
    const { DependencyProviderResource } = require('@pulumi/pulumi/resource')
    return new DependencyProviderResource(reference)
  }
})

describe('an explicit provider', () => {
  /** @type {[name: string, args: () => ProviderArgs, config: Record<string, string>][]} */
  const rows = [
    ['sends nothing but its environment where nothing is set', () => ({}), { environment: 'public' }],
    ['keeps an empty environment', () => ({ environment: '' }), { environment: '' }],
    ['reveals its secrets', () => ({ clientId: 'c', clientSecret: 's', clientCertificatePassword: 'p' }), { clientId: 'c', clientSecret: 's', clientCertificatePassword: 'p', environment: 'public' }],
    ['takes empty ones of them for unset', () => ({ clientId: '', clientSecret: '', clientCertificatePassword: '' }), { environment: 'public' }],
    ['takes empty ones for unset that come as outputs, too', () => ({ clientSecret: pulumi.output('') }), { environment: 'public' }],
    ['keeps other settings that are empty', () => ({ tenantId: '', oidcToken: '', metadataHost: '' }), { tenantId: '', oidcToken: '', metadataHost: '', environment: 'public' }],
    ['sends booleans as JSON', () => ({ useMsi: true, useOidc: false }), { useMsi: 'true', useOidc: 'false', environment: 'public' }],
    ['sends a null boolean as null: present, and false', () => ({ useMsi: /** @type {any} */ (null) }), { useMsi: 'null', environment: 'public' }],
    ['sends lists as JSON', () => ({ auxiliaryTenantIds: ['a', pulumi.output('b')] }), { auxiliaryTenantIds: '["a","b"]', environment: 'public' }],
    ['takes null for unset', () => ({ tenantId: /** @type {any} */ (null) }), { environment: 'public' }],
    ['leaves out what does not take part in a login', () => ({ location: 'x', partnerId: 'y', disablePulumiPartnerId: true }), { environment: 'public' }],
    ['waits for inputs that are promises and outputs', () => ({ tenantId: pulumi.output(Promise.resolve('t')), clientId: Promise.resolve('c') }), { tenantId: 't', clientId: 'c', environment: 'public' }]
  ]

  for (const mode of modes) {
    for (const [name, args, config] of rows) {
      test(`${name} (${mode})`, async () => {
        const { login } = await ask({ mode, options: () => ({ provider: new Provider('explicit', args()) }) })
        assert.deepEqual(login.questions, [{ configSource: 'provider', config }])
      })
    }
  }

  test('created without the class has raw values converted to its wire form', async () => {
    const options = () => ({ provider: new RawProvider('azure-native', 'raw', { useMsi: true, auxiliaryTenantIds: ['a'] }) })
    const { login } = await ask({ options })
    assert.deepEqual(login.questions, [{ configSource: 'provider', config: { useMsi: 'true', auxiliaryTenantIds: '["a"]' } }])
  })

  test('with an input that is yet to come makes the whole result unknown, and never another identity\'s', async () => {
    const options = () => ({ provider: new Provider('explicit', { tenantId: 't', clientId: 'c', clientSecret: new Thing('secret').value }) })
    assert.deepEqual(await ask({ mode: 'preview', options }).then(whatWasAnswered), { plain: {}, output: 'unknown', questions: [] })
  })

  test('with such an input is used once the input has come', async () => {
    const options = () => ({ provider: new Provider('explicit', { clientSecret: new Thing('secret').value }) })
    const { login } = await ask({ options })
    assert.deepEqual(login.questions, [{ configSource: 'provider', config: { clientSecret: 'value of secret', environment: 'public' } }])
  })

  for (const mode of modes) {
    test(`without an answer of the engine is unknown, not unset (${mode})`, async () => {
      const silent = mode === 'preview' ? isProvider : () => false
      const options = () => ({ provider: mode === 'preview' ? new Provider('explicit', { tenantId: 't' }) : unresolvedProvider() })
      assert.deepEqual(await ask({ mode, options, engine: { silent } }).then(whatWasAnswered), { plain: {}, output: 'unknown', questions: [] })
    })
  }

  /** A provider whose registration was skipped in an update: the SDK resolves its outputs to undefined, not known. */
  function unresolvedProvider() {
    const provider = new Provider('skipped', {})
    const skipped = new (/** @type {any} */ (pulumi.Output))(new Set(), Promise.resolve(undefined), Promise.resolve(false), Promise.resolve(false), Promise.resolve(new Set()))
    return Object.assign(provider, { tenantId: skipped })
  }
})

describe('arguments', () => {
  /** @type {[name: string, args: () => any, endpoint: unknown][]} */
  const rows = [
    ['may be left out', () => undefined, undefined],
    ['may be null, as the SDK allows', () => null, undefined],
    ['are handed on as they are', () => ({ endpoint: 'https://graph.microsoft.com/' }), 'https://graph.microsoft.com/'],
    ['may be outputs, in the plain form too', () => ({ endpoint: pulumi.output(Promise.resolve('api://a')) }), 'api://a'],
    ['may be secret', () => ({ endpoint: pulumi.secret('api://a') }), 'api://a']
  ]

  for (const [name, args, endpoint] of rows) {
    test(name, async () => {
      const { login } = await ask({ args })
      assert.deepEqual(login.endpoints, [endpoint, endpoint])
    })
  }

  test('that are no object of arguments are refused, in either form', async () => {
    const { getClientToken, getClientTokenOutput, getClientConfig } = standIn().functions
    for (const args of [new Map([['endpoint', 'x']]), Promise.resolve({ endpoint: 'x' }), 'x']) {
      await assert.rejects(getClientToken(/** @type {any} */ (args)), /^TypeError: args must be an object; it is /)
      assert.throws(() => getClientTokenOutput(/** @type {any} */ (args)), /^TypeError: args must be an object; it is /)
    }
    await assert.rejects(getClientConfig(/** @type {any} */ ('x')), /^TypeError: opts must be an object; it is string/)
  })

  test('that are unknown make the result unknown', async () => {
    const args = () => ({ endpoint: new Thing('api').value })
    assert.deepEqual(await ask({ mode: 'preview', args }).then(whatWasAnswered), { plain: {}, output: 'unknown', questions: [] })
  })

  test('that come from a resource wait for it in an update', async () => {
    const { login } = await ask({ args: () => ({ endpoint: new Thing('api').value }) })
    assert.deepEqual(login.endpoints, ['value of api', 'value of api'])
  })

  test('that come from a resource yet to be created: no call in the output form, even if the value is known', async () => {
    const { output, login } = await ask({ mode: 'preview', args: () => ({ endpoint: new Thing('api', { given: 'known' }).given }), plain: false })
    assert.equal(output, 'unknown')
    assert.deepEqual(login.questions, [])
  })
})

describe('dependsOn', () => {
  /** @type {[name: string, dependsOn: () => any, names: string[]][]} */
  const rows = [
    ['a resource', () => new Thing('a'), ['a']],
    ['several', () => [new Thing('a'), Promise.resolve(new Thing('b'))], ['a', 'b']],
    ['an output of resources', () => pulumi.output([new Thing('a')]), ['a']],
    ['an output that comes from a resource', () => new Thing('a').urn.apply(() => new Component('c')), ['a', 'c']],
    ['a component', () => new Component('c', {}, ['a', 'b']), ['c']]
  ]

  for (const [name, dependsOn, names] of rows) {
    test(`${name}: unknown and not requested until all exist`, async () => {
      const { output, login } = await ask({ mode: 'preview', plain: false, options: () => ({ dependsOn: dependsOn() }) })
      assert.equal(output, 'unknown')
      assert.deepEqual(login.questions, [])
    })

    test(`${name}: the token depends on it`, async () => {
      const { dependencies, login } = await ask({ plain: false, options: () => ({ dependsOn: dependsOn() }) })
      assert.deepEqual(dependencies, names)
      assert.equal(login.questions.length, 1)
    })
  }

  test('a component without resources to create does not delay a call', async () => {
    const { login } = await ask({ mode: 'preview', plain: false, options: () => ({ dependsOn: new Component('empty') }) })
    assert.equal(login.questions.length, 1)
  })

  test('is ignored by the plain form', async () => {
    const { plain, login } = await ask({ mode: 'preview', output: false, options: () => ({ dependsOn: new Thing('a') }) })
    assert.match(plain.token, /^token/)
    assert.equal(login.questions.length, 1)
  })
})

describe('the result', () => {
  test('is completely secret in the output form', async () => {
    const { record } = await ask({ plain: false })
    assert.deepEqual(revealed(record.outputs.output), result('token of no tenant'))
  })

  test('is the client\'s own in the plain form', async () => {
    const { plain } = await ask({ output: false })
    assert.deepEqual(plain, result('token of no tenant'))
  })

  test('of getClientConfig is not secret, in either form', async (t) => {
    const login = standIn()
    const program = async () => ({ plain: await login.functions.getClientConfig(), output: login.functions.getClientConfigOutput() })
    const { outputs } = await runInline(await engineFor(t), program, { 'azure-native:tenantId': 't' })
    const expected = { clientId: 'c', objectId: 'o', subscriptionId: 's', tenantId: 't' }
    assert.deepEqual({ plain: outputs.plain, output: outputs.output }, { plain: expected, output: expected })
  })

  test('never comes from the engine', async () => {
    const { record } = await ask({})
    assert.deepEqual(record.invokes, [])
  })

  test('keeps the program running: resources created with it are still registered', async (t) => {
    const login = standIn({ delay: 150 })
    const program = async () => {
      login.functions.getClientToken().then(({ token }) => new Thing('late', { given: token }))
    }
    /** @type {import('./support/pulumi-engine').PulumiEngine['record']} */
    const { registrations, dismissed } = await runInline(await engineFor(t), program)
    assert.ok(dismissed)
    assert.deepEqual(registrations.filter(({ name }) => name === 'late').map(({ inputs }) => inputs.given), ['token of no tenant'])
  })
})

describe('clients', () => {
  test('are one for each distinct configuration', async (t) => {
    const login = standIn()
    const program = async () => {
      const providers = [{ tenantId: 'a' }, { tenantId: 'a' }, { tenantId: 'b' }].map((args, index) => new Provider(`p${index}`, args))
      await Promise.all([...providers, ...providers].map((provider) => login.functions.getClientToken({}, { provider })))
    }
    await runInline(await engineFor(t), program)
    assert.equal(login.clients(), 2)
    assert.equal(login.questions.length, 6)
  })

  test('follow the environment, and distinguish the stack\'s settings from a provider\'s', () => {
    let environment = { ARM_TENANT_ID: 'a' }
    const made = /** @type {any[]} */ ([])
    const clientFor = clientRegistry(/** @type {any} */ (class { constructor(/** @type {any} */ options) { made.push(options) } }), () => environment)
    clientFor({ configSource: 'stack', config: {} })
    clientFor({ configSource: 'stack', config: {} })
    clientFor({ configSource: 'provider', config: {} })
    environment = { ARM_TENANT_ID: 'b' }
    clientFor({ configSource: 'stack', config: {} })
    assert.deepEqual(made, [
      { credential: 'pulumi', configSource: 'stack', config: {}, environment: { ARM_TENANT_ID: 'a' } },
      { credential: 'pulumi', configSource: 'provider', config: {}, environment: { ARM_TENANT_ID: 'a' } },
      { credential: 'pulumi', configSource: 'stack', config: {}, environment: { ARM_TENANT_ID: 'b' } }
    ])
  })

  test('are kept in a limited number: the least recently used one is created again', () => {
    const { clientOf, made } = registry()
    for (let index = 0; index < MOST_CLIENTS; index++) clientOf(`${index}`)
    clientOf('0')
    clientOf('one more')
    assert.equal(made.length, MOST_CLIENTS + 1)
    clientOf('0')
    clientOf('2')
    assert.equal(made.length, MOST_CLIENTS + 1, 'a more recently used client was dropped')
    clientOf('1')
    assert.equal(made.length, MOST_CLIENTS + 2)
  })

  test('are dropped when the cache is cleared', () => {
    const { clientOf, made } = registry()
    const first = clientOf('a')
    assert.equal(clientOf('a'), first)
    clearCache()
    assert.notEqual(clientOf('a'), first)
    assert.equal(made.length, 2)
  })

  /** A registry, and the clients that it has created. */
  function registry() {
    const made = /** @type {object[]} */ ([])
    const Client = /** @type {any} */ (class { constructor() { made.push(this) } })
    const clientFor = clientRegistry(Client, () => ({}))
    return { made, clientOf: (/** @type {string} */ oidcToken) => clientFor({ configSource: 'stack', config: { oidcToken } }) }
  }
})

/** The login settings in the provider's own documentation (its configuration keys, without prefix). */
const documentedSettings = [
  'auxiliaryTenantIds', 'clientCertificatePassword', 'clientCertificatePath', 'clientId', 'clientSecret',
  'disableInstanceDiscovery', 'environment', 'metadataHost', 'msiEndpoint', 'oidcAudience', 'oidcRequestToken',
  'oidcRequestUrl', 'oidcToken', 'oidcTokenFilePath', 'subscriptionId', 'tenantId', 'useDefaultAzureCredential',
  'useMsi', 'useOidc'
]

/** @param {import('./support/pulumi-engine').Registration} registration */
function isProvider({ type }) {
  return type.startsWith('pulumi:providers:')
}

/** @param {Awaited<ReturnType<typeof ask>>} answered */
function whatWasAnswered({ plain, output, login }) {
  return { plain, output, questions: login.questions }
}
