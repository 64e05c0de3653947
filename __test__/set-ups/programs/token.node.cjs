'use strict'

const assert = require('node:assert/strict')
const { mock, test } = require('node:test')
const tokens = require('azure-client-token')
const { refusal, source, sourcesOfMany } = require('./shared.cjs')

test('a token', async () => assert.equal(await source(tokens), 'clientSecret'))
test('100 calls at once', async () => assert.deepEqual(await sourcesOfMany(tokens), new Set(['clientSecret'])))
test('an error is of its class', async () => assert.ok((await refusal(tokens)) instanceof tokens.ConfigurationError))

test('a clock of the runner', async () => {
  mock.timers.enable({ apis: ['setInterval', 'setTimeout', 'setImmediate', 'Date'] })
  try {
    assert.equal(await source(tokens), 'clientSecret')
  } finally {
    mock.timers.reset()
  }
})
