// @ts-check
'use strict'

// Runs each kind of credential, in each store, in each situation: two calls, and the outcome of each.

const { spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { text } = require('node:stream/consumers')
const { startEmulator } = require('../../emulator')
const { startRedis } = require('../../scripts/redis/server')
const { bareEnvironment } = require('./environment')
const { newKey } = require('./fleet')

/**
 * @typedef {import('./matrix-process').Step} Step
 * @typedef {{ port?: number, cache?: object }} Store Redis, or the machine's; with neither, the memory of one process
 * @typedef {Record<string, string[]>} Outcomes by kind and situation
 */

const certificates = path.join(__dirname, '..', '..', 'crates', 'core', 'tests', 'certificates')
const SAME = 'the same token'
const NEW = 'a new token'
const REFUSED = 'ERR_AUTHENTICATION'

/** The service's answer, the two calls, and the second call's outcome in a store that keeps the first call's token. */
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

/**
 * A stand-in for each of the tools: its answer depends on the scope, which is among the arguments. Each answer has a different token. Azure
 * PowerShell gets the scope in a script, in base64.
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

/** Kinds whose settings are in the environment. */
const BY_ENVIRONMENT = ['managedIdentity', 'azureCli', 'azureDeveloperCli', 'azurePowerShell', 'command', 'environment', 'pulumi', 'default']

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
/** @type {string} the tools' */
let folder

/** @param {string[]} kinds @returns {Promise<Record<'memory' | 'machine' | 'fleet', Outcomes>>} */
async function playMatrix(kinds) {
  folder = toolsIn(fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-tools-')))
  const certificate = fs.readFileSync(path.join(certificates, 'leaf.crt'), 'utf8')
  const [service, redis] = await Promise.all([startEmulator({ applications: [{ certificates: [certificate] }] }), startRedis()])
  emulator = service
  try {
    return await outcomesOf(kinds, redis)
  } finally {
    fs.rmSync(folder, { recursive: true })
    await Promise.all([emulator.close(), redis.close()])
  }
}

/** @param {string[]} kinds @param {import('../../scripts/redis/server').Server} redis */
async function outcomesOf(kinds, { port }) {
  Object.entries(situations).forEach(([name, situation]) => answerTo(name, situation))
  // The host of a managed identity caches its token.
  emulator.faults.add({ when: ({ service }) => service === 'appService', status: 200, body: ownToken('host', { expires_in: 3600 }) })
  const machine = { kind: 'machine', directory: path.join(folder, 'tokens'), protection: { keys } }
  return { memory: await inOneProcess(kinds), machine: await inTwoProcesses(kinds, { cache: machine }), fleet: await inTwoProcesses(kinds, { port }) }
}

/** @param {string[]} kinds */
async function inOneProcess(kinds) {
  return played({}, casesOf(kinds, ({ first = {}, second }) => ({ first, second })))
}

/** @param {string[]} kinds @param {Store} store */
async function inTwoProcesses(kinds, store) {
  const first = await played(store, casesOf(kinds, ({ first = {} }) => ({ first })))
  const second = await played(store, casesOf(kinds, ({ second }) => ({ second })))
  return Object.fromEntries(Object.entries(first).map(([name, [outcome]]) => [name, [outcome, ...(second[name] ?? [])]]))
}

const keys = [{ id: '1', key: Buffer.from(newKey('1').key).toString('base64') }]

/** @param {Store} store @param {object[]} cases */
async function played(store, cases) {
  const tools = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder }
  const login = { ...emulator.environment(), ...emulator.sdkEnvironment(), ...emulator.managedIdentity.appService.environment }
  const env = bareEnvironment({ ...login, ...tools })
  const child = spawn(process.execPath, [path.join(__dirname, 'matrix-process.js')], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ ...store, keys, cases }))
  const [printed] = await Promise.all([text(child.stdout), once(child, 'exit')])
  /** @type {Outcomes} */
  const found = {}
  for (const line of printed.trim().split('\n')) {
    const { name, outcome } = JSON.parse(line)
    found[name] = [...(found[name] ?? []), outcome]
  }
  return found
}

/** @param {string[]} kinds @param {(situation: typeof situations[string]) => { first?: Step, second?: Step }} stepsOf */
function casesOf(kinds, stepsOf) {
  return kinds.flatMap((kind) => Object.entries(situations).map(([situation, described]) => {
    const { tenantId, clientId, authorityHost, caCertificate: ca, issueAssertion } = emulator
    const application = { tenantId, clientId, authorityHost, ca }
    const shared = kind === 'chain' ? { authorityHost, ca } : BY_ENVIRONMENT.includes(kind) ? {} : application
    const options = { credential: kind, ...shared, ...optionsOf(kind) }
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

/** Writes the tools, and the files of their logins: the machine's store keeps no token whose login is unknown. @param {string} place */
function toolsIn(place) {
  for (const name of ['az', 'azd', 'pwsh']) fs.writeFileSync(path.join(place, name), TOOL, { mode: 0o755 })
  for (const [home, login] of [['.azure', 'azureProfile.json'], ['.azd', 'auth.json'], ['.Azure', 'AzureRmContext.json']]) {
    fs.mkdirSync(path.join(place, home))
    fs.writeFileSync(path.join(place, home, login), '{}')
  }
  return place
}

/** Makes the emulator answer with a different token each time. @param {string} name @param {typeof situations[string]} situation */
function answerTo(name, { answer, status }) {
  const host = `https://${name.toLowerCase()}.`
  const when = (/** @type {import('../../emulator/journal').RecordedRequest} */ { form, query }) => (form.scope ?? query.resource ?? '').startsWith(host)
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

module.exports = { NEW, SAME, playMatrix, situations }
