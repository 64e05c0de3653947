// @ts-check
'use strict'

const { instantAnswer, TOKEN_LENGTH } = require('../service')

const STEPS = [1, 10, 100, 1_000, 10_000]
// The peers look through all their tokens for each call, when storing one too: the last step would take minutes.
const STEPS_OF_PEERS = STEPS.slice(0, -1)
const QUICK_STEPS = [1, 10, 100]
// With the usual young generation, which V8 never gives back, its growth would count as the tokens'.
const NODE_ARGUMENTS = ['--expose-gc', '--max-semi-space-size=1']

/** @type {import('../types').Scenario} */
module.exports = {
  name: 'growth',
  title: 'a cached token with more tokens in the cache',
  rounds: [7, 1],
  emulator: {},
  subjects: [
    { name: 'Map', peer: 'map', parameters: { offline: true } },
    { name: 'identity', peer: 'identity', parameters: { slow: true } },
    { name: 'msal', peer: 'msal', parameters: { slow: true } },
    { name: 'ours', peer: 'ours', parameters: {} },
  ],
  metrics: [
    ...STEPS.map((step) => ({
      key: `call${step}`,
      label: `call with ${step.toLocaleString('en-US')}`,
      unit: 'µs',
      digits: 2,
      headline: step >= 10,
    })),
    { key: 'heap', label: 'V8 per token', unit: 'bytes', digits: 0, headline: true },
    { key: 'resident', label: 'RSS per token', unit: 'bytes', digits: 0, headline: true },
  ],

  prepare: ({ emulator }) => void emulator.addFault(instantAnswer()),

  async measure({ run, quick }, subject) {
    const steps = quick ? QUICK_STEPS : subject.parameters?.slow ? STEPS_OF_PEERS : STEPS
    const timing = quick ? { batches: 3, batchTime: 5 } : { batches: 7, batchTime: 10 }
    const { answer } = await run('growth', subject, { steps, ...timing }, { nodeArguments: NODE_ARGUMENTS })
    return answer
  },

  targets: [
    {
      text: 'flat: at most 1.5 times as long with 10,000 as with 10',
      met: (median) => median('ours', 'call10000') <= 1.5 * median('ours', 'call10'),
    },
    {
      text: 'bytes per token at most twice its length + 1 KB',
      met: (median) => median('ours', 'resident') <= 2 * TOKEN_LENGTH + 1024,
    },
  ],
  note: `tokens of ${TOKEN_LENGTH} characters; bytes per token over the last step; RSS also counts what the allocators ` +
    'keep for later, so it is an upper bound of what is live in V8 and outside of it; the Map’s tokens come from no service',
}
