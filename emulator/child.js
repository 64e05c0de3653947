// @ts-check
'use strict'

// The process of spawn.js: an emulator that is controlled over the IPC channel and ends with it.

const { startEmulator } = require('./index')
const { loginOf } = require('./login')

/**
 * @typedef {import('./login').Login} Login
 * @typedef {{ id: number, question: string, argument?: any }} Question
 * @typedef {{ id: number, value?: any, error?: string }} Reply
 */

/** @type {import('./index').Emulator | undefined} */
let emulator

/** @type {Record<string, (argument: any) => unknown>} */
const answers = {
  async start(options) {
    emulator = await startEmulator(options)
    return loginOf(emulator)
  },
  counters: () => started().counters,
  requests: () => started().requests,
  resetCounters: () => started().resetCounters(),
  addFault: (fault) => started().faults.add(fault),
  clearFaults: () => started().faults.clear(),
  issueAssertion: (changes) => started().issueAssertion(changes),
  issueUserToken: (changes) => started().issueUserToken(changes)
}

function started() {
  if (!emulator) throw new Error('the emulator has not been started')
  return emulator
}

/**
 * @param {Question} question
 * @returns {Promise<Reply>}
 */
async function reply({ id, question, argument }) {
  try {
    return { id, value: await answers[question](argument) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', async (/** @type {Question} */ question) => {
  const answer = await reply(question)
  if (process.connected) process.send?.(answer)
})

// Ctrl+C reaches the whole process group. The parent decides when the emulator ends, so that its folder is removed.
process.on('SIGINT', () => {})
// On this signal Node.js opens the port of its debugger, unless there is a listener.
process.on('SIGUSR1', () => {})

process.once('disconnect', async () => {
  await emulator?.close()
  process.exit()
})
