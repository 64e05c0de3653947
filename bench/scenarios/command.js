// @ts-check
'use strict'

const { existsSync } = require('node:fs')
const { join } = require('node:path')

const { runProcess } = require('../measure/process')
const { OURS } = require('../settings')

/** @typedef {import('../types').Stage} Stage */
/** @typedef {import('../types').Subject} Subject */

const ROOT = join(__dirname, '..', '..')
const COMMAND = [process.execPath, join(OURS, 'js', 'command', 'azure-client-token.js'), 'token', 'graph']
const TIMEOUT = 60_000

/** `npm run test:clients` installs it: 250 MB. */
const AZ_HOME = join(ROOT, '.cache', 'clients', 'az')
const HAS_AZ = existsSync(join(AZ_HOME, 'installed'))

/** @type {Subject} */
const AZ = { name: 'az account get-access-token', peer: 'az' }

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'command',
  title: 'a token for a shell: the whole process',
  rounds: [20, 2],
  emulator: {},
  subjects: [
    { name: 'node -e 0', peer: 'node' },
    { name: 'azure-client-token token', peer: 'ours' },
    { name: 'azure-client-token token --no-cache', peer: 'ours', parameters: { words: ['--no-cache'] } },
    ...(HAS_AZ ? [AZ] : []),
  ],
  metrics: [
    { key: 'wall', label: 'wall of the process', unit: 'ms', headline: true },
    { key: 'extra', label: 'wall', unit: 'ms', over: 'node -e 0', headline: true },
    { key: 'requests', label: 'requests', unit: '', digits: 0, headline: true },
  ],

  async prepare(stage) {
    await ranCommand(stage, [])
    if (HAS_AZ) await logAzIn(stage)
  },

  async measure(stage, subject) {
    await stage.emulator.resetCounters()
    const { wall } = await ran(stage, subject)
    const { tokenRequests } = await stage.emulator.counters()
    return { wall, extra: wall, requests: tokenRequests }
  },

  targets: [
    { text: 'no request with a token in the store', met: (median) => median('azure-client-token token', 'requests') === 0 },
    { text: 'at most 20 ms over node -e 0 with a token in the store', met: (median) => median('azure-client-token token', 'extra') <= 20 },
  ],
  note: `${HAS_AZ ? 'az has the token in its own cache' : 'az is not measured: npm run test:clients installs it'}; kubelogin takes 0.06 s with a token in its cache and 0.5 s without, by figures that others have published for other machines`,
}

/** @param {Stage} stage @param {Subject} subject */
function ran(stage, { peer, parameters }) {
  if (peer === 'az') return ranAz(stage, ['account', 'get-access-token', '--scope', 'https://graph.microsoft.com/.default'])
  if (peer === 'ours') return ranCommand(stage, /** @type {string[]} */ (parameters?.words ?? []))
  return runProcess([process.execPath, '-e', '0'], { environment: stage.environment, timeout: TIMEOUT })
}

/** @param {Stage} stage @param {string[]} words */
function ranCommand({ environment }, words) {
  return runProcess([...COMMAND, ...words], { environment, timeout: TIMEOUT })
}

/** @param {Stage} stage */
async function logAzIn(stage) {
  const { authorityHost, clientId, clientSecret, tenantId } = stage.emulator
  const endpoints = ['active-directory', 'resource-manager', 'active-directory-resource-id', 'active-directory-graph-resource-id']
  const addresses = endpoints.flatMap((name) => [`--endpoint-${name}`, authorityHost.slice(0, -1)])
  await ranAz(stage, ['cloud', 'register', '--name', 'Emulator', ...addresses])
  await ranAz(stage, ['cloud', 'set', '--name', 'Emulator'])
  await ranAz(stage, ['login', '--service-principal', '--username', clientId, `--password=${clientSecret}`, '--tenant', tenantId, '--allow-no-subscriptions'])
}

/** @param {Stage} stage @param {string[]} words */
function ranAz({ emulator, environment, folder }, words) {
  // The public list of clouds does not have the emulator's authority.
  const own = { AZURE_CONFIG_DIR: join(folder, 'az'), REQUESTS_CA_BUNDLE: emulator.caFile, AZURE_CORE_INSTANCE_DISCOVERY: 'false', AZURE_CORE_COLLECT_TELEMETRY: 'false' }
  return runProcess([join(AZ_HOME, 'bin', 'python'), '-m', 'azure.cli', ...words], { environment: { ...environment, ...own }, timeout: TIMEOUT })
}
