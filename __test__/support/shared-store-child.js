// @ts-check
'use strict'

// A process that gets one token, with a store in its parent process, and reports the token's origin.

const { ClientTokenCredential } = require('../..')

/** @type {Map<number, (answer: any) => void>} */
const waiting = new Map()
let questions = 0

/** @param {string} command @param {...unknown} args */
function ask(command, ...args) {
  const number = questions++
  process.send?.({ number, command, args })
  return new Promise((resolve) => waiting.set(number, resolve))
}

/** @type {import('../..').TokenStore} */
const store = {
  get: (key) => ask('get', key),
  set: (key, value, { ttl, ifAbsent }) => ask('set', key, value, { ttl, ifAbsent }),
  delete: (key, value) => ask('delete', key, value),
}

/** @param {import('../..').ClientTokenOptions} options */
async function start(options) {
  const cache = { kind: /** @type {const} */ ('shared'), store, keys: /** @type {const} */ ([{ id: 'k', key: Buffer.alloc(32, 7) }]) }
  const { cachedIn } = await new ClientTokenCredential({ ...options, cache }).getToken('https://vault.azure.net/.default')
  process.send?.({ cachedIn: cachedIn ?? 'service' }, () => process.disconnect())
}

process.on('message', (/** @type {any} */ message) => {
  if (message.options) return void start(message.options)
  waiting.get(message.number)?.(message.answer)
})
