// @ts-check
'use strict'

// Each kind of credential, in each store, in each situation: whether a second call, with a store of another process, gets the
// token of the first.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { text } = require('node:stream/consumers')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { missingRedis, startRedis } = require('../scripts/redis/server')
const { bareEnvironment } = require('./support/environment')
const { newKey } = require('./support/fleet')
const { installClients } = require('./support/redis-clients')

/**
 * @typedef {import('./support/matrix-process').Step} Step
 * @typedef {{ port?: number, cache?: object }} Store of Redis, or of the machine; neither: the memory of one process
 */

const certificates = path.join(__dirname, '..', 'crates', 'core', 'tests', 'certificates')
const SAME = 'the same token'
const NEW = 'a new token'
const REFUSED = 'ERR_AUTHENTICATION'
const NOT_HERE = 'ERR_CONFIGURATION'

/** What the service answers, what the two calls do, and what comes of the second where the first one's token was kept. */
/** @type {Record<string, { answer?: object, status?: number, first?: Step, second: Step, kept: string }>} */
const situations = {
  fresh: { second: {}, kept: SAME },
  due: { answer: { expires_in: 3600, refresh_in: 1 }, second: { wait: 1100 }, kept: SAME },
  short: { answer: { expires_in: 120 }, second: {}, kept: SAME },
  expired: { answer: { expires_in: 1 }, second: { wait: 1100 }, kept: NEW },
  failure: { status: 401, second: { wait: 300 }, kept: REFUSED },
  claims: { first: { call: { claims: '{"access_token":{"nbf":{"essential":true}}}' } }, second: {}, kept: NEW },
  forceRefresh: { second: { call: { forceRefresh: true } }, kept: NEW },
  'clearCache()': { second: { clear: true }, kept: NEW },
}

/** Whether each kind's tokens are kept there. */
/** @type {[kind: string, memory: boolean, machine: boolean | typeof NOT_HERE, fleet: boolean | typeof NOT_HERE][]} */
const kinds = [
  ['clientSecret', true, true, true],
  ['clientCertificate', true, true, true],
  ['clientAssertion', false, false, true],
  ['oidc', true, true, true],
  ['workloadIdentity', true, true, true],
  ['onBehalfOf', true, NOT_HERE, NOT_HERE],
  ['managedIdentity', true, true, NOT_HERE],
  ['azureCli', true, true, NOT_HERE],
  ['azureDeveloperCli', true, true, NOT_HERE],
  ['azurePowerShell', true, true, NOT_HERE],
  ['command', true, NOT_HERE, NOT_HERE],
  ['chain', true, true, true],
]

/**
 * Stands in for each of the tools: the scope, which is among the arguments, says what it answers. Each answer has a token of its own.
 * Azure PowerShell gets it in a script, in base64.
 */
const TOOL = `#!/bin/sh
life=3600
for last; do :; done
case "$* $(printf %s "$last" | base64 -d 2>/dev/null | tr -d '\\000')" in
  *failure.*) echo 'ERROR: AADSTS7000215: no' >&2; exit 1 ;;
  *short.*) life=120 ;;
  *expired.*) life=1 ;;
esac
until=$(($(date +%s) + life))
token=$(date +%s%N).$$.token
printf '{"accessToken":"%s","expires_on":%s,"tokenType":"Bearer","token":"%s","expiresOn":%s}' "$token" "$until" "$token" "$until"
`

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {string} the tools' */
let folder
/** @type {Record<'memory' | 'machine' | 'fleet', Map<string, string[]>>} the outcomes of each case */
let outcomes

describe('a token of one call, in another one', { skip: missingRedis() }, () => {
  before(async () => {
    folder = toolsIn(fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-tools-')))
    const certificate = fs.readFileSync(path.join(certificates, 'leaf.crt'), 'utf8')
    const started = await Promise.all([startEmulator({ applications: [{ certificates: [certificate] }] }), startRedis(), installClients()])
    emulator = started[0]
    Object.entries(situations).forEach(([name, situation]) => answerTo(name, situation))
    // The host of a managed identity gives the same token for as long as it lasts.
    emulator.faults.add({ when: ({ service }) => service === 'appService', status: 200, body: ownToken('host', { expires_in: 3600 }) })
    const machine = { kind: 'machine', directory: path.join(folder, 'tokens'), protection: { keys } }
    outcomes = { memory: await inOneProcess(), machine: await inTwoProcesses({ cache: machine }), fleet: await inTwoProcesses({ port: started[1].port }) }
    await started[1].close()
  })
  after(() => {
    fs.rmSync(folder, { recursive: true })
    return emulator?.close()
  })

  for (const [kind, memory, machine, fleet] of kinds) {
    for (const [situation, { kept }] of Object.entries(situations)) {
      for (const [store, isKept] of /** @type {const} */ ([['memory', memory], ['machine', machine], ['fleet', fleet]])) {
        const expected = typeof isKept === 'string' ? isKept : isKept || kept !== SAME ? kept : NEW
        test(`${kind}, ${store}, ${situation}: ${expected}`, () => {
          const [first, second] = outcomes[store].get(`${kind} ${situation}`) ?? []
          assert.equal(verdict(first, second, store), expected)
        })
      }
    }
  }
})

/** What results call each store. */
const cachedIn = { memory: 'memory', machine: 'machine', fleet: 'shared' }

/** A token that was kept says where; a new one does not. @param {string} first @param {string} second @param {keyof typeof cachedIn} store */
function verdict(first, second, store) {
  if (second.startsWith('ERR_')) return second
  const [[one], [other, origin]] = [first, second].map((outcome) => outcome.split(' '))
  const [what, expected] = one === other ? [SAME, cachedIn[store]] : [NEW, 'service']
  return origin === expected ? what : `${what}, from ${origin}`
}

async function inOneProcess() {
  return played({}, casesOf(({ first = {}, second }) => ({ first, second })))
}

/** @param {Store} store */
async function inTwoProcesses(store) {
  const first = await played(store, casesOf(({ first = {} }) => ({ first })))
  const second = await played(store, casesOf(({ second }) => ({ second })))
  return new Map([...first].map(([name, [outcome]]) => [name, [outcome, ...(second.get(name) ?? [])]]))
}

const keys = [{ id: '1', key: Buffer.from(newKey('1').key).toString('base64') }]

/** @param {Store} store @param {object[]} cases */
async function played(store, cases) {
  const tools = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder }
  const env = bareEnvironment({ ...emulator.environment(), ...emulator.managedIdentity.appService.environment, ...tools })
  const child = spawn(process.execPath, [path.join(__dirname, 'support', 'matrix-process.js')], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ ...store, keys, cases }))
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')])
  /** @type {Map<string, string[]>} */
  const found = new Map()
  for (const line of printed.trim().split('\n')) {
    const { name, outcome } = JSON.parse(line)
    found.set(name, [...(found.get(name) ?? []), outcome])
  }
  return found
}

/** @param {(situation: typeof situations[string]) => { first?: Step, second?: Step }} stepsOf */
function casesOf(stepsOf) {
  return kinds.flatMap(([kind]) => Object.entries(situations).map(([situation, described]) => {
    const { tenantId, clientId, authorityHost, caCertificate: ca, issueAssertion } = emulator
    const application = { tenantId, clientId, authorityHost, ca }
    const isOfHost = ['managedIdentity', 'azureCli', 'azureDeveloperCli', 'azurePowerShell', 'command'].includes(kind)
    const options = { credential: kind, ...(isOfHost ? {} : kind === 'chain' ? { authorityHost, ca } : application), ...optionsOf(kind) }
    const assertion = kind === 'clientAssertion' ? issueAssertion() : undefined
    const scope = `https://${situation.replace('()', '').toLowerCase()}.${kind.toLowerCase()}.example`
    return { name: `${kind} ${situation}`, options, scope, assertion, ...stepsOf(described) }
  }))
}

/** @param {string} kind */
function optionsOf(kind) {
  const { clientSecret, workloadIdentity, tenantId, clientId } = emulator
  /** @type {Record<string, object>} */
  const options = {
    clientSecret: { clientSecret },
    clientCertificate: { certificatePath: path.join(certificates, 'pkcs8.pem') },
    oidc: { oidcTokenFilePath: workloadIdentity.tokenFile },
    workloadIdentity: { tokenFilePath: workloadIdentity.tokenFile },
    onBehalfOf: { clientSecret, userAssertion: emulator.issueUserToken() },
    command: { program: path.join(folder, 'az'), arguments: ['{scope}'] },
    chain: { chain: [{ credential: 'clientSecret', tenantId, clientId, clientSecret }, { credential: 'azureCli' }] },
  }
  return options[kind] ?? {}
}

/** And what tells who is logged in to them: what is not known to be the same login is kept in no file. @param {string} place */
function toolsIn(place) {
  for (const name of ['az', 'azd', 'pwsh']) fs.writeFileSync(path.join(place, name), TOOL, { mode: 0o755 })
  for (const [home, login] of [['.azure', 'azureProfile.json'], ['.azd', 'auth.json'], ['.Azure', 'AzureRmContext.json']]) {
    fs.mkdirSync(path.join(place, home))
    fs.writeFileSync(path.join(place, home, login), '{}')
  }
  return place
}

/** Every answer has a token of its own. @param {string} name @param {typeof situations[string]} situation */
function answerTo(name, { answer, status }) {
  const host = `https://${name.toLowerCase()}.`
  const when = (/** @type {import('../emulator/journal').RecordedRequest} */ { form, query }) => (form.scope ?? query.resource ?? '').startsWith(host)
  if (status) emulator.faults.add({ when, status, body: { error: 'invalid_client', error_description: 'AADSTS7000215: no' } })
  if (!answer) return
  emulator.faults.add({ when, status: 200, body: ownToken(name, answer) })
}

/** @param {string} name @param {object} answer */
function ownToken(name, answer) {
  let count = 0
  const token = { enumerable: true, get: () => `${name}.${(count += 1)}.token` }
  return Object.defineProperty({ ...answer, token_type: 'Bearer' }, 'access_token', token)
}
