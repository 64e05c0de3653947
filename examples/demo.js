// @ts-check
'use strict'

// Gets tokens from a local identity service in each way: `npm run demo` runs this.

const { performance } = require('node:perf_hooks')
const { clearCache, getClientToken } = require('azure-client-token')
const { startEmulator } = require('../emulator')

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})

async function main() {
  const emulator = await startEmulator()
  try {
    logIn(emulator.environment())
    console.log(`A local Entra ID listens on ${emulator.authorityHost}\n`)
    await showToken(emulator, 'The default endpoint, Azure Resource Manager', {})
    await showToken(emulator, 'A second endpoint, Microsoft Graph', { endpoint: 'https://graph.microsoft.com' })
    await showToken(emulator, 'The default endpoint again, from the cache', {})
    await showRefusal(emulator)
  } finally {
    await emulator.close()
  }
}

/**
 * Removes the user's own login, clouds and proxies: the demo sends requests only to the local service.
 * @param {Record<string, string>} environment
 */
function logIn(environment) {
  for (const name of Object.keys(process.env)) {
    if (/^(ARM_|AZURE_|ACTIONS_ID_TOKEN_|PULUMI_CONFIG)|^(https?|all|no)_proxy$/i.test(name)) delete process.env[name]
  }
  Object.assign(process.env, environment)
}

/**
 * @param {import('../emulator').Emulator} emulator
 * @param {string} title
 * @param {import('azure-client-token').GetClientTokenArgs} args
 */
async function showToken(emulator, title, args) {
  const { result, milliseconds, requests } = await measure(emulator, () => getClientToken(args))
  const { aud, iss, tid, appid, exp } = claimsOf(result.token)
  console.log(`${title}: ${milliseconds} ms, ${requests} request(s)`)
  console.log({ aud, iss, tid, appid, exp: new Date(exp * 1000).toISOString() }, '\n')
}

/** @param {import('../emulator').Emulator} emulator */
async function showRefusal(emulator) {
  process.env.ARM_CLIENT_SECRET = 'not the secret'
  // The package reads the login context once. This makes the next call read it again.
  clearCache()
  const refusal = () => getClientToken().catch((/** @type {unknown} */ error) => error)
  const { result, milliseconds, requests } = await measure(emulator, refusal)
  if (!(result instanceof Error)) throw new Error('the wrong secret was accepted')
  console.log(`A wrong secret: ${milliseconds} ms, ${requests} request(s)`)
  console.log(result)
}

/**
 * @template T
 * @param {import('../emulator').Emulator} emulator
 * @param {() => Promise<T>} work
 */
async function measure(emulator, work) {
  const [requests, start] = [emulator.counters.requests, performance.now()]
  const result = await work()
  const milliseconds = (performance.now() - start).toFixed(1)
  return { result, milliseconds, requests: emulator.counters.requests - requests }
}

/** @param {string} token */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
}
