// @ts-check
'use strict'

const { builtExample, numberOf } = require('../example')
const { instantAnswer, TOKEN_LENGTH } = require('../service')

const STEPS = [1, 10, 100, 1_000, 10_000]
// The peers search all their tokens for each call, also to store one: the last step would take minutes.
const STEPS_OF_PEERS = STEPS.slice(0, -1)
const QUICK_STEPS = [1, 10, 100]
// The number of tokens for which the core's bytes are counted.
const COUNTED = 8_000

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
    { key: 'heap', label: 'V8 per token', unit: 'bytes', digits: 0 },
    { key: 'live', label: 'V8 and native per token', unit: 'bytes', digits: 0, headline: true },
  ],

  async prepare({ emulator, quick, memory }) {
    await emulator.addFault(instantAnswer())
    memory.native = numberOf(builtExample('kept_tokens', quick), COUNTED, TOKEN_LENGTH)
  },

  async measure({ run, quick, memory }, subject) {
    const slow = subject.parameters?.slow
    const steps = quick ? QUICK_STEPS : slow ? STEPS_OF_PEERS : STEPS
    const timing = quick ? { batches: 3, batchTime: 5 } : { batches: 7, batchTime: 20 }
    /** @type {import('../types').Sample} */
    const sample = {}
    // A peer that has a token requests the others one after the other: each of its steps is a process, which requests all tokens at once.
    for (const some of slow ? steps.map((step) => [step]) : [steps]) {
      const parameters = { steps: some, width: slow ? 1_000 : 32, ...timing }
      Object.assign(sample, (await run('growth', subject, parameters, { nodeArguments: ['--expose-gc'] })).answer)
    }
    const [before, last] = steps.slice(-2)
    const heap = (sample[`live${last}`] - sample[`live${before}`]) / (last - before)
    return { ...sample, heap, live: heap + (subject.peer === 'ours' ? memory.native : 0) }
  },

  targets: [
    {
      text: 'flat: at most 1.5 times as long with 10,000 as with 10',
      met: (median) => median('ours', 'call10000') <= 1.5 * median('ours', 'call10'),
    },
    {
      text: 'live bytes per token at most twice its length + 1 KB',
      met: (median) => median('ours', 'live') <= 2 * TOKEN_LENGTH + 1024,
    },
  ],
  note: `tokens of ${TOKEN_LENGTH} characters; bytes that are live after a collection, per token of the last step; ` +
    'native bytes as the core’s allocator counts them; the Map gets its tokens without a service',
}
