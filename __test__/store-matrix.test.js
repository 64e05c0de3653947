// @ts-check
'use strict'

// Each kind of credential, in each store, in each situation: whether a second call, in another process, gets the token of the first.

const assert = require('node:assert/strict')
const { before, describe, test } = require('node:test')
const { missingRedis } = require('../scripts/redis/server')
const { namespaceMissing, runInNamespace } = require('./support/namespace')
const { installClients } = require('./support/redis-clients')
const { NEW, SAME, playMatrix, situations } = require('./support/store-matrix')

/** @typedef {[kind: string, memory: boolean, machine: boolean | typeof NOT_HERE, fleet: boolean | typeof NOT_HERE]} Kind */

const NOT_HERE = 'ERR_CONFIGURATION'

/** Whether each store keeps the tokens of a kind. */
/** @type {Kind[]} */
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
  ['environment', true, true, true],
  ['pulumi', true, true, true],
  ['chain', true, true, true],
]

describe('a token of one call, in another one', { skip: missingRedis() }, () => {
  before(installClients)

  describe('anywhere', () => rows(kinds, playMatrix))

  // Without access to the outside: on a virtual machine in Azure, a member of the chain finds an identity.
  describe('in a network of its own', { skip: namespaceMissing() }, () => rows([['default', true, true, true]], playInNamespace))
})

/** @param {Kind[]} kinds @param {typeof playMatrix} play */
function rows(kinds, play) {
  /** @type {Awaited<ReturnType<typeof playMatrix>>} */
  let outcomes
  before(async () => {
    outcomes = await play(kinds.map(([kind]) => kind))
  })

  for (const [kind, memory, machine, fleet] of kinds) {
    for (const [situation, { kept }] of Object.entries(situations)) {
      for (const [store, isKept] of /** @type {const} */ ([['memory', memory], ['machine', machine], ['fleet', fleet]])) {
        const expected = typeof isKept === 'string' ? isKept : isKept || kept !== SAME ? kept : NEW
        test(`${kind}, ${store}, ${situation}: ${expected}`, () => {
          const [first, second] = outcomes[store][`${kind} ${situation}`] ?? []
          assert.equal(verdict(first, second, store), expected)
        })
      }
    }
  }
}

/** @type {typeof playMatrix} */
async function playInNamespace(kinds) {
  const script = `require('./__test__/support/store-matrix').playMatrix(${JSON.stringify(kinds)}).then((outcomes) => console.log(JSON.stringify(outcomes)))`
  const { stdout, stderr } = await runInNamespace(script)
  assert.equal(stderr, '')
  return JSON.parse(stdout)
}
/** The name of each store in `cachedIn`. */
const cachedIn = { memory: 'memory', machine: 'machine', fleet: 'shared' }

/**
 * `cachedIn` names the store of a kept token; it is `service` for a new one.
 * @param {string} first
 * @param {string} second
 * @param {keyof typeof cachedIn} store
 */
function verdict(first, second, store) {
  if (second.startsWith('ERR_')) return second
  const [[one], [other, origin]] = [first, second].map((outcome) => outcome.split(' '))
  const [what, expected] = one === other ? [SAME, cachedIn[store]] : [NEW, 'service']
  return origin === expected ? what : `${what}, from ${origin}`
}

