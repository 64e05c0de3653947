// @ts-check
'use strict'

// TypeScript programs as users write them: Pulumi's own runner runs them against an engine on loopback, with the real addon and a local
// Entra ID. Each program is a folder of pulumi-programs.

const { describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { readFile } = require('node:fs/promises')
const path = require('node:path')
const { revealed, unknownValue } = require('./support/pulumi-engine')
const { execute, loopbackOnly } = require('./support/pulumi-program')
const { claims, loginClaims, otherLogin, preparedPrograms, startedEmulator } = require('./support/prepared-pulumi-programs')

/** @typedef {import('../emulator').Emulator} Emulator */

/** The exit code of the SDK's runner after it has reported the program's error. */
const programFailed = 32
const managementAudience = 'https://management.azure.com/'
const graphAudience = 'https://graph.microsoft.com'
const modes = /** @type {const} */ (['update', 'preview'])

/** The settings that `pulumi new azure-typescript` writes for module resolution. */
const templateConfiguration = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2020', module: 'commonjs', moduleResolution: 'node', sourceMap: true }
})

/** @type {[name: string, setUp: { typescript: boolean, configuration?: string }][]} */
const compilers = [
  ['without a TypeScript of its own', { typescript: false }],
  ['with a TypeScript of its own', { typescript: true }],
  ['with a TypeScript of its own and a template\'s tsconfig.json', { typescript: true, configuration: templateConfiguration }]
]

for (const [name, setUp] of compilers) {
  describe(`a program ${name}`, { concurrency: 2 }, () => {
    const { run } = preparedPrograms(setUp)

    for (const mode of modes) {
      test(`gets its tokens from the environment's login (${mode})`, async (t) => {
        const { outputs, emulator, record } = await run(t, 'both-forms', { mode, environment: (emulator) => emulator.environment() })
        assert.deepEqual(claims(revealed(outputs.plain)), loginClaims(emulator, managementAudience))
        assert.deepEqual(claims(revealed(outputs.output).token), loginClaims(emulator, graphAudience))
        assert.equal(revealed(outputs.property), revealed(outputs.plain))
        assert.equal(emulator.counters.tokenRequests, 2)
        assert.deepEqual(record.invokes, [])
      })
    }
  })
}

describe('a program', { concurrency: 2 }, () => {
  const { run, program } = preparedPrograms({ typescript: true })

  test('uses the login in the stack\'s configuration, secrets included, before the environment', async (t) => {
    const { outputs, emulator } = await run(t, 'both-forms', { config: stackConfiguration, environment: otherLogin })
    assert.deepEqual(claims(revealed(outputs.plain)), loginClaims(emulator, managementAudience))
    assert.deepEqual(claims(revealed(outputs.output).token), loginClaims(emulator, graphAudience))
  })

  for (const mode of modes) {
    test(`uses the login of an explicit provider (${mode})`, async (t) => {
      const { outputs, emulator } = await run(t, 'explicit-provider', { mode, config: providerConfiguration, environment: otherLogin })
      assert.deepEqual(claims(revealed(outputs.plain)), loginClaims(emulator, managementAudience))
      assert.deepEqual(claims(revealed(outputs.output)), loginClaims(emulator, managementAudience))
      assert.equal(emulator.counters.tokenRequests, 1)
    })

    test(`uses the login of the parent's provider (${mode})`, async (t) => {
      const { outputs, emulator } = await run(t, 'parent-provider', { mode, config: providerConfiguration, environment: otherLogin })
      assert.deepEqual(claims(revealed(outputs.output)), loginClaims(emulator, managementAudience))
    })
  }

  test('that previews resources yet to be created has unknown tokens, and requests none', async (t) => {
    const { outputs, emulator } = await run(t, 'unknowns', { mode: 'preview', config: providerConfiguration, environment: otherLogin })
    const { known, ...others } = outputs
    assert.deepEqual(others.plainKeys, [])
    for (const name of ['ofNewProvider', 'ofNewEndpoint', 'afterApplication']) assert.equal(unknownOf(others[name]), unknownValue, name)
    assert.equal(claims(revealed(known)).aud, managementAudience)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('that creates them has the tokens', async (t) => {
    const create = (/** @type {Emulator} */ emulator) => ({ secret: emulator.clientSecret, endpoint: 'api://created' })
    const { outputs, emulator } = await run(t, 'unknowns', { config: providerConfiguration, environment: otherLogin, create })
    assert.ok(outputs.plainKeys.includes('token'))
    assert.deepEqual(claims(revealed(outputs.ofNewProvider)), loginClaims(emulator, managementAudience))
    assert.equal(claims(revealed(outputs.ofNewEndpoint)).aud, 'api://created')
    assert.equal(revealed(outputs.afterApplication), revealed(outputs.known))
    assert.notEqual(claims(revealed(outputs.known)).appid, emulator.clientId)
  })

  for (const form of ['plain', 'output']) {
    test(`whose login is refused ends as Pulumi's programs do, with this package's message (${form} form)`, async (t) => {
      const environment = (/** @type {Emulator} */ emulator) => ({ ...emulator.environment(), ARM_CLIENT_SECRET: 'wrong' })
      const { errors } = await run(t, 'refused', { config: () => ({ 'p:form': form }), environment, code: programFailed })
      assert.match(errors, /AADSTS7000215/)
      assert.match(errors, /AuthenticationError/)
    })
  }

  test('whose login is incomplete gets an error that names what is missing, in the provider\'s words', async (t) => {
    const environment = (/** @type {Emulator} */ { clientSecret }) => ({ ARM_CLIENT_SECRET: clientSecret })
    const { errors, emulator } = await run(t, 'refused', { config: () => ({ 'p:form': 'plain' }), environment, code: programFailed })
    assert.match(errors, /A Tenant ID must be configured when authenticating as a Service Principal using a Client Secret\./)
    assert.equal(emulator.counters.requests, 0)
  })

  test('that depends on a value that is not a resource gets an error', async (t) => {
    const { errors } = await run(t, 'misused', { environment: (emulator) => emulator.environment(), code: programFailed })
    assert.match(errors, /dependsOn must be a resource/)
  })

  test('makes one request for two outputs, and for the main entry as well', async (t) => {
    const { outputs, emulator } = await run(t, 'sharing', { environment: (emulator) => emulator.environment() })
    assert.equal(revealed(outputs.areOne), true)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('has both entries use its stack\'s login, and share the token', async (t) => {
    const { outputs, emulator } = await run(t, 'sharing', { config: stackConfiguration, environment: otherLogin })
    assert.equal(revealed(outputs.areOne), true)
    assert.equal(emulator.counters.tokenRequests, 1)
  })

  test('in JavaScript may be a module, and finds every function by name', async (t) => {
    const { outputs, emulator } = await run(t, 'javascript-module', { environment: (emulator) => emulator.environment() })
    const names = ['getClientToken', 'getClientTokenOutput', 'getClientConfig', 'getClientConfigOutput']
    assert.deepEqual(outputs.kinds, names.map((name) => `${name}: function`))
    assert.equal(outputs.identity.clientId, emulator.clientId)
    assert.equal(outputs.identity.tenantId, emulator.tenantId)
    assert.deepEqual(claims(revealed(outputs.output)), loginClaims(emulator, managementAudience))
  })

  for (const mode of modes) {
    test(`in a unit test calls its mocks as before, and sends no request (${mode})`, async (t) => {
      const emulator = await startedEmulator(t)
      const env = loopbackOnly(emulator.environment())
      const { code, output } = await execute(['index.js', mode], { cwd: program('unit-test'), env })
      assert.equal(code, 0, output)
      const { answers, ours, theirs } = JSON.parse(output)
      assert.equal(ours.length, 5)
      assert.deepEqual(ours, theirs)
      assert.deepEqual(answers, mockedAnswers)
      assert.equal(emulator.counters.requests, 0)
    })
  }
})

describe('the example', { concurrency: 2 }, () => {
  const { run } = preparedPrograms({ typescript: true })

  for (const mode of modes) {
    test(`runs, keeps its token secret and shows the rest (${mode})`, async (t) => {
      const { outputs, emulator } = await run(t, 'example', { mode, environment: (emulator) => emulator.environment() })
      const [scheme, token] = revealed(outputs.authorizationHeader).split(' ')
      assert.equal(scheme, 'Bearer')
      assert.deepEqual(claims(token), loginClaims(emulator, graphAudience))
      assert.equal(outputs.managementSource, 'clientSecret')
      assert.ok(new Date(outputs.managementExpiry) > new Date())
    })
  }

  test('imports what its README says', async () => {
    const [readme, program] = await Promise.all(['README.md', 'index.ts'].map((file) => readFile(path.join(example, file), 'utf8')))
    const [added] = [...readme.matchAll(/^\+(import .*)$/gm)].map(([, line]) => line)
    assert.ok(program.split('\n').includes(added), added)
  })
})

const example = path.join(__dirname, '..', 'examples', 'pulumi')
const mockedToken = { mocked: 'azure-native:authorization:getClientToken' }
const mockedConfig = { mocked: 'azure-native:authorization:getClientConfig' }
const mockedAnswers = {
  plain: mockedToken,
  withProvider: mockedToken,
  output: { value: mockedToken, isKnown: true, isSecret: true },
  config: mockedConfig,
  configOutput: { value: mockedConfig, isKnown: true, isSecret: false }
}

/** @param {Emulator} emulator */
function stackConfiguration({ tenantId, clientId, clientSecret }) {
  return { 'azure-native:tenantId': tenantId, 'azure-native:clientId': clientId, 'azure-native:clientSecret': clientSecret }
}

/** @param {Emulator} emulator */
function providerConfiguration({ tenantId, clientId, clientSecret }) {
  return { 'provider:tenantId': tenantId, 'provider:clientId': clientId, 'provider:clientSecret': clientSecret }
}

/** An unknown value is exported as such, secret or not. @param {any} output */
function unknownOf(output) {
  return revealed(output) ?? output
}
