// @ts-check
'use strict'

// A program in which a fault has written to Object.prototype. It prints the outcomes of its calls as one line of JSON.
//
//   node polluted-program.js PACKAGE { "names": […], "value": …, "credential": {…} }

const [place, given] = process.argv.slice(2)
const { explain, getClientConfig, getClientToken, ClientTokenCredential } = require(place)
const { names, value, credential } = JSON.parse(given)

/** @type {Record<string, unknown>} */
const root = /** @type {any} */ (Object.prototype)
const { authorityHost, ...member } = credential
const scope = 'https://vault.azure.net/.default'

const questions = {
  function: () => getClientToken(),
  endpoint: () => getClientToken({ endpoint: 'https://vault.azure.net' }),
  empty: () => getClientToken({}, {}),
  timeout: () => getClientToken({}, { timeout: 30_000 }),
  aborted: () => getClientToken({}, { signal: new AbortController().signal }),
  scopes: () => getClientToken({}, { scopes: [scope] }),
  config: () => getClientConfig(),
  byHand: () => new ClientTokenCredential(credential).getToken(scope),
  withOptions: () => new ClientTokenCredential(credential).getToken([scope], { requestOptions: {} }),
  chain: () => new ClientTokenCredential({ credential: 'chain', authorityHost, chain: [member] }).getToken(scope),
  explained: () => explain(),
  refused: () => new ClientTokenCredential({ ...credential, clientSecret: 'wrong' }).getToken(scope),
  incomplete: () => new ClientTokenCredential({ credential: 'clientSecret' }),
}

async function main() {
  const outcomes = [await outcomesUnder(names.filter((/** @type {string} */ name) => name !== 'signal')), await outcomesUnder(names)]
  console.log(JSON.stringify(outcomes))
}

/**
 * Runs a second time with `signal`, because Node.js itself cannot load files once Object.prototype has it.
 * @param {string[]} polluted
 */
async function outcomesUnder(polluted) {
  const outcomes = Object.create(null)
  for (const name of polluted) root[name] = value
  for (const [name, ask] of Object.entries(questions)) outcomes[name] = await outcomeOf(ask)
  for (const name of polluted) delete root[name]
  return outcomes
}

/** @param {() => unknown} ask */
async function outcomeOf(ask) {
  try {
    return told(await ask())
  } catch (error) {
    return own(error, ['name', 'code', 'host', 'phase', 'settings', 'error', 'statusCode', 'help'])
  }
}

/** @param {any} answer */
function told(answer) {
  if (Object.hasOwn(answer, 'token')) return own(JSON.parse(atob(answer.token.split('.')[1])), ['aud', 'appid', 'tid'])
  return own(answer, ['source', 'scopes', 'error', 'clientId', 'tenantId'])
}

/**
 * @param {any} object
 * @param {string[]} members
 */
function own(object, members) {
  const copy = Object.create(null)
  for (const member of members) if (member === 'name' || Object.hasOwn(object, member)) copy[member] = object[member]
  return copy
}

main()
