// @ts-check
'use strict'

// Every option that @azure/identity declares, read from its declarations: the drop-in honours it, refuses it by name, or it is known to
// have no effect. The test compares the core's settings with and without the option; the table of cases tests what the core does with them.
// The tables of docs/azure-identity.md list each option.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { test } = require('node:test')
const { inspect } = require('node:util')
const { errorOf } = require('../js/errors')
const { CALLS, CONSTRUCTORS, OF_CLASSES, constructorRow } = require('./support/identity-options')
const { declaredOptions } = require('./support/identity-declarations')

const ID = '22222222-2222-4222-8222-222222222222'
const SCOPE = 'https://graph.microsoft.com/.default'
const POD = { AZURE_TENANT_ID: ID, AZURE_CLIENT_ID: ID, AZURE_FEDERATED_TOKEN_FILE: '/nowhere/token' }
const APPLICATION = { AZURE_TENANT_ID: ID, AZURE_CLIENT_ID: ID, AZURE_CLIENT_SECRET: 's' }

/** @type {unknown[]} */
let told = []

/** Records the core's settings, and returns no token. */
class Recorder {
  /** @param {Record<string, unknown>} configuration */
  constructor({ environment: _, onLog: __, ...configuration }) {
    told.push(configuration)
  }

  cachedTokenForScopes() {}

  /** @param {unknown} _ @param {any} options */
  async getClientToken(_, { signal, ...options }) {
    signal?.throwIfAborted()
    told.push(options)
    throw errorOf({ kind: 'failure', code: 'ERR_CREDENTIAL_UNAVAILABLE', message: 'none', retryable: false, helpAnchor: 'x', settings: [], attempts: [], causes: [] })
  }
}
const client = require('../js/client')
client.TokenClient = /** @type {any} */ (Recorder)
const identity = /** @type {any} */ (require('../identity'))

/**
 * How to create each class that needs no user interaction, and in which environments.
 * @type {Record<string, { make: (bag: any) => any, environments?: Record<string, string>[] }>}
 */
const CLASSES = {
  ClientSecretCredential: { make: (bag) => new identity.ClientSecretCredential(ID, ID, 's', bag) },
  ClientCertificateCredential: { make: ({ certificate, certificatePassword, certificatePath = certificate ? undefined : '/nowhere/pem', ...bag }) => new identity.ClientCertificateCredential(ID, ID, { certificate, certificatePath, certificatePassword }, bag) },
  ClientAssertionCredential: { make: (bag) => new identity.ClientAssertionCredential(ID, ID, async () => 'a', bag) },
  OnBehalfOfCredential: { make: (bag) => new identity.OnBehalfOfCredential({ tenantId: ID, clientId: ID, certificatePath: '/nowhere/pem', userAssertionToken: 'a', ...bag }) },
  WorkloadIdentityCredential: { make: (bag) => new identity.WorkloadIdentityCredential(bag), environments: [POD] },
  AzurePipelinesCredential: { make: (bag) => new identity.AzurePipelinesCredential(ID, ID, 'c', 't', bag), environments: [{ SYSTEM_OIDCREQUESTURI: 'https://localhost:1/' }] },
  EnvironmentCredential: { make: (bag) => new identity.EnvironmentCredential(bag), environments: [APPLICATION] },
  ManagedIdentityCredential: { make: (bag) => new identity.ManagedIdentityCredential(bag) },
  AzureCliCredential: { make: (bag) => new identity.AzureCliCredential(bag) },
  AzureDeveloperCliCredential: { make: (bag) => new identity.AzureDeveloperCliCredential(bag) },
  AzurePowerShellCredential: { make: (bag) => new identity.AzurePowerShellCredential(bag) },
  DefaultAzureCredential: {
    make: (bag) => new identity.DefaultAzureCredential(bag),
    environments: [
      { ...APPLICATION, AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' },
      { ...POD, AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' },
      { AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential' },
      ...['AzureCli', 'AzureDeveloperCli', 'AzurePowerShell'].map((name) => ({ AZURE_TOKEN_CREDENTIALS: `${name}Credential` })),
    ],
  },
}

/** Classes that need user interaction: their constructors throw whatever the options are. */
const INTERACTIVE = ['InteractiveBrowserCredential', 'DeviceCodeCredential', 'AuthorizationCodeCredential', 'UsernamePasswordCredential', 'VisualStudioCodeCredential']

const declared = declaredOptions()

test('the declarations have the tested classes, and their options', () => {
  assert.deepEqual(Object.keys(declared.classes).sort(), [...Object.keys(CLASSES), ...INTERACTIVE, 'ChainedTokenCredential'].sort())
  assert.deepEqual(declared.classes.ChainedTokenCredential, [])
  const names = new Set(Object.keys(CLASSES).flatMap((name) => declared.classes[name]))
  for (const one of ['retryOptions.maxRetries', 'proxyOptions.password', 'tlsOptions.pfx', 'loggingOptions.enableUnsafeSupportLogging', 'userAssertionToken', 'managedIdentityResourceId']) assert.ok(names.has(one), one)
  const said = [...names, ...[...names].map((path) => path.split('.')[0])]
  assert.deepEqual(Object.keys(CONSTRUCTORS).filter((path) => !said.includes(path)), [], 'rows without an option')
  assert.deepEqual(new Set(declared.call.map((path) => path.split('.')[0])), new Set(Object.keys(CALLS)))
})

for (const [name, { make, environments = [{}] }] of Object.entries(CLASSES)) {
  test(`${name}: each option is supported, refused by name, or changes nothing`, async () => {
    for (const path of declared.classes[name]) {
      const row = constructorRow(name, path)
      assert.ok(row, `no row for ${path}`)
      const outcomes = await eachOf(environments, async (environment) => [await outcomeOf(environment, make, row.from ?? {}), await outcomeOf(environment, make, row.to)])
      assertOutcome(path, row, outcomes)
    }
  })
}

test('each option of a call is supported, refused by name, or changes nothing', async () => {
  const make = () => CLASSES.ClientSecretCredential.make({ additionallyAllowedTenants: ['*'] })
  for (const path of declared.call) {
    const row = CALLS[path.split('.')[0]]
    const outcomes = [[await outcomeOf({}, make, {}, {}), await outcomeOf({}, make, {}, row.to)]]
    assertOutcome(path, row, outcomes)
  }
})

test('a class that needs a user cannot be created, whatever its options', () => {
  for (const name of INTERACTIVE) assert.throws(() => new identity[name]({}), { name: 'ConfigurationError', message: /@azure\/identity/ }, name)
})

test('the test would notice an ignored option', async () => {
  const outcome = await outcomeOf({}, CLASSES.ClientSecretCredential.make, {})
  assert.throws(() => assertOutcome('a', { verdict: 'honoured', to: {} }, [[outcome, outcome]]), /is ignored/)
  assert.throws(() => assertOutcome('a', { verdict: 'refused', to: {} }, [[outcome, outcome]]), /is not refused/)
})

/** The first words of a cell in the document. */
const WORDS = { honoured: 'honoured', 'no effect': 'without effect', refused: 'refused' }

test('the document has a row for each option, which says how it is treated', () => {
  const [constructors, calls] = documentedOptions()
  assert.deepEqual(constructors.sort(), verdicts(CONSTRUCTORS))
  assert.deepEqual(calls.sort(), verdicts(CALLS))
})

test('the document names each class that treats an option differently', () => {
  const exceptions = Object.entries(OF_CLASSES).flatMap(([name, rows]) => Object.keys(rows).filter((option) => rows[option].verdict !== CONSTRUCTORS[option]?.verdict).map((option) => [name, option]))
  assert.ok(exceptions.length >= 25, `${exceptions.length}`)
  const passages = optionsSection().split(/\n\n|\n(?=\| )/)
  for (const [name, option] of exceptions) {
    const [said, object] = [`\`${name}\``, `\`${option.split('.')[0]}`]
    assert.ok(passages.some((text) => text.includes(said) && text.includes(object)), `${name}, ${option}`)
  }
})

/** @param {Record<string, import('./support/identity-options').Row>} rows */
function verdicts(rows) {
  return Object.entries(rows).map(([option, { verdict }]) => [option, verdict]).sort()
}

function optionsSection() {
  const [, section] = fs.readFileSync(path.join(__dirname, '..', 'docs', 'azure-identity.md'), 'utf8').split('\n## Options\n')
  return section.split('\n## ')[0]
}

/** The options of each table of that section, with their effect. */
function documentedOptions() {
  const tables = optionsSection().split('| option | here |\n').slice(1).map((text) => text.split('\n\n')[0])
  return tables.map((table) => table.split('\n').slice(1).flatMap((line) => {
    const [options, text] = line.split('|').slice(1)
    const word = Object.entries(WORDS).find(([begin]) => text.trimStart().startsWith(begin))
    return [...options.matchAll(/`([^`]+)`/g)].map(([, option]) => [option, word?.[1]])
  }))
}

/**
 * @param {string} path
 * @param {import('./support/identity-options').Row} row
 * @param {{ error: any, told: string }[][]} outcomes without the option and with it, in each environment
 */
function assertOutcome(path, { verdict }, outcomes) {
  const isChanged = outcomes.some(([from, to]) => from.told !== to.told)
  if (verdict === 'honoured') return assert.ok(isChanged, `${path} is ignored`)
  if (verdict === 'without effect') return assert.ok(!isChanged, `${path} has an effect`)
  for (const [, { error }] of outcomes) {
    assert.equal(error?.name, 'ConfigurationError', `${path} is not refused`)
    assert.ok(error.settings.some((/** @type {string} */ setting) => path === setting || path.startsWith(`${setting}.`)), `${path} is refused by another name: ${error.settings}`)
  }
}

/**
 * The core's settings, or the error that is thrown instead.
 * @param {Record<string, string>} environment
 * @param {(bag: any) => any} make
 * @param {any} bag
 * @param {any} [call] options of the call
 */
async function outcomeOf(environment, make, bag, call) {
  const before = { ...process.env }
  for (const name of Object.keys(process.env)) if (/^(AZURE|ARM|IDENTITY|MSI|SYSTEM|IMDS)_/.test(name)) delete process.env[name]
  Object.assign(process.env, environment)
  told = []
  try {
    const error = await make(bag).getToken(SCOPE, call).catch((/** @type {unknown} */ failure) => failure)
    return { error, told: inspect([told, error?.name], { depth: null }) }
  } catch (error) {
    return { error: /** @type {any} */ (error), told: inspect(error) }
  } finally {
    process.env = before
  }
}

/** One after the other, because they share the recorder. @template T, U @param {T[]} all @param {(one: T) => Promise<U>} ask */
async function eachOf(all, ask) {
  const outcomes = []
  for (const one of all) outcomes.push(await ask(one))
  return outcomes
}

test('an address of a proxy that cannot be read is not shown', () => {
  for (const host of ['eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJrZXIifQ x', 'http://user:pass word@host:port']) {
    const make = () => new identity.ClientSecretCredential('t', 'c', 'secret', { proxyOptions: { host, port: 1 } })
    assert.throws(make, (/** @type {any} */ error) => error.code === 'ERR_CONFIGURATION' && !inspect(error).includes(host))
  }
})
