// @ts-check
'use strict'

// azure-client-token/identity compared with @azure/identity: both packages run one table of cases and make the same requests.

const assert = require('node:assert/strict')
const { fork } = require('node:child_process')
const { createPrivateKey, randomUUID } = require('node:crypto')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { createClientCertificate } = require('../emulator/certificates')
const { bareEnvironment } = require('./support/environment')
const { cases } = require('./support/identity-cases')
const { createStandIns } = require('./support/stand-in')

const skip = process.platform === 'win32' && 'the stand-ins for az and azd are POSIX shell scripts'
const runner = path.join(__dirname, 'support', 'identity-runner.js')
const libraries = { theirs: path.join(__dirname, '..', 'node_modules', '@azure', 'identity'), ours: path.join(__dirname, '..', 'identity.js') }
const tenants = [randomUUID(), randomUUID()]

/** The fields of a form or a query on which an identity service decides. */
const DECISIVE = ['client_id', 'scope', 'grant_type', 'requested_token_use', 'client_assertion_type', 'resource', 'clientid', 'object_id', 'mi_res_id', 'msi_res_id', 'claims']

describe('the drop-in beside @azure/identity', { skip }, () => {
  const standIns = createStandIns()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'identity-cases-'))
  /** @type {import('../emulator').Emulator} */
  let emulator
  /** @type {import('./support/identity-cases-common').Context} */
  let context
  /** @type {Record<'theirs' | 'ours', import('node:child_process').ChildProcess>} */
  let players

  before(async () => {
    const pair = await createClientCertificate()
    emulator = await startEmulator({ tenants, applications: [{ certificates: [pair.certificate] }] })
    context = contextOf(emulator, filesOf(pair))
    players = { theirs: await player(libraries.theirs), ours: await player(libraries.ours) }
  })
  after(async () => {
    for (const child of Object.values(players ?? {})) child.disconnect()
    await emulator?.close()
    standIns.remove()
    fs.rmSync(folder, { recursive: true })
  })

  test('there are at least 120 cases, each with its own name, and each difference has its reason', () => {
    assert.ok(cases.length >= 120, `${cases.length} cases`)
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length)
    for (const { name, differs } of cases) if (differs) assert.ok(differs.why.length > 20 && (differs.ours || differs.requests), name)
  })

  for (const [index, { name, differs }] of cases.entries()) {
    test(name, { timeout: 30_000 }, async () => {
      const theirs = await played('theirs', index)
      const ours = await played('ours', index)
      if (differs === undefined) return assert.deepEqual(ours, theirs)
      assert.deepEqual(ours.outcome, expected(theirs.outcome, differs))
      assert.equal(isEqual(ours.requests, theirs.requests), !differs.requests, 'whether the requests are the same')
      assert.ok(!isEqual(ours, theirs), 'the named difference exists')
    })
  }

  /** @param {{ certificate: string, privateKey: string }} pair */
  function filesOf({ certificate, privateKey }) {
    const encrypted = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    const write = (/** @type {string} */ name, /** @type {string} */ text) => {
      fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 })
      return path.join(folder, name)
    }
    return {
      certificate: `${privateKey}\n${certificate}`,
      certificatePath: write('client.pem', `${privateKey}\n${certificate}`),
      encryptedCertificatePath: write('encrypted.pem', `${encrypted}\n${certificate}`),
      emptyFile: write('empty', ''),
    }
  }

  /** @param {string} library */
  async function player(library) {
    const env = { ...bareEnvironment({ HOME: folder, NODE_EXTRA_CA_CERTS: emulator.caFile }), PATH: standIns.searchPath, AZURE_CONFIG_DIR: folder }
    const child = fork(runner, [library, JSON.stringify(context)], { env, execArgv: [] })
    await once(child, 'message')
    return child
  }

  /**
   * @param {'theirs' | 'ours'} who
   * @param {number} index
   */
  async function played(who, index) {
    const { environment, tools = {}, fault, waits, alone } = cases[index]
    standIns.clear()
    for (const [tool, behaviour] of Object.entries(tools)) standIns.install(tool, { ...behaviour, reads: false })
    emulator.faults.clear()
    /** @type {number[]} */
    const moments = []
    const isMatched = (/** @type {{ path: string }} */ { path: place }) => /\/token\/?$/.test(place) && moments.push(performance.now()) > 0
    if (fault) emulator.faults.add({ ...fault, when: isMatched })
    emulator.resetCounters()
    const child = alone ? await player(libraries[who]) : players[who]
    child.send({ index, environment: environment?.(context) ?? {} })
    const [outcome] = await once(child, 'message')
    if (alone) child.disconnect()
    assertWaits(moments, waits)
    const runs = Object.keys(tools).map((tool) => ({ tool, runs: standIns.runs(tool).length }))
    return { outcome, requests: [...requestsOf(emulator), ...runs] }
  }
})

/**
 * @param {number[]} moments of the requests
 * @param {number[]} [least] the waits between them
 */
function assertWaits(moments, least = []) {
  const waits = least.map((_, index) => moments[index + 1] - moments[index])
  assert.ok(waits.every((wait, index) => wait > least[index] - 2), `waited ${waits}`)
}

/**
 * @param {any} outcome
 * @param {import('./support/identity-cases-common').Difference} difference
 */
function expected(outcome, { ours }) {
  if (ours === undefined) return outcome
  if (Object.hasOwn(ours, 'value')) return ours
  return { error: withoutAbsent({ isError: true, codes: [], ...outcome.error, ...ours }) }
}

/** The runners send their outcomes as JSON, which has no undefined values. @param {object} value */
function withoutAbsent(value) {
  return JSON.parse(JSON.stringify(value))
}

/** @param {unknown} one @param {unknown} other */
function isEqual(one, other) {
  try {
    assert.deepEqual(one, other)
    return true
  } catch {
    return false
  }
}

/**
 * The token requests. Only the original makes discovery requests.
 * @param {import('../emulator').Emulator} emulator
 */
function requestsOf({ requests }) {
  return requests.filter(({ path: place }) => !/discovery|openid-configuration|metadata\/endpoints/.test(place)).map(({ service, method, path: place, form, query }) => {
    const said = Object.entries({ ...query, ...form }).filter(([name]) => DECISIVE.includes(name))
    return { service, method, place: place.replace(/\/$/, ''), said: Object.fromEntries(said.map(comparable).sort(([one], [other]) => one.localeCompare(other))) }
  })
}

/**
 * The original also requests identity and refresh tokens, which it does not return: the comparison ignores their scopes and claims.
 * @param {[string, string]} field
 * @returns {[string, unknown]}
 */
function comparable([name, value]) {
  if (name === 'scope') return [name, value.split(' ').filter((scope) => !['openid', 'profile', 'offline_access'].includes(scope)).join(' ')]
  return [name, name === 'claims' ? JSON.parse(value).access_token : value]
}

/**
 * @param {import('../emulator').Emulator} emulator
 * @param {{ certificate: string, certificatePath: string, encryptedCertificatePath: string, emptyFile: string }} files
 * @returns {import('./support/identity-cases-common').Context}
 */
function contextOf(emulator, files) {
  const { authorityHost, clientId, clientSecret, azureDevops, workloadIdentity, managedIdentity } = emulator
  const { imds, appService, cloudShell, azureMl } = managedIdentity
  return {
    ...files, authorityHost, clientId, clientSecret, azureDevops,
    tenantId: tenants[0],
    otherTenantId: tenants[1],
    tokenFile: workloadIdentity.tokenFile,
    userToken: emulator.issueUserToken({ user: 'anyone@contoso.example' }),
    userAssigned: managedIdentity.userAssigned[0].clientId,
    hosts: { imds: imds.environment, appService: appService.environment, cloudShell: cloudShell.environment, azureMl: azureMl.environment },
    closed: 'https://localhost:1/',
  }
}
