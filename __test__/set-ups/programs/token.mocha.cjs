'use strict'
/* global describe, it */

const assert = require('node:assert/strict')
const tokens = require('azure-client-token')
const { refusal, source, sourcesOfMany } = require('./shared.cjs')

describe('azure-client-token', () => {
  it('gives a token', async () => assert.equal(await source(tokens), 'clientSecret'))
  it('gives one to 100 calls at once', async () => assert.deepEqual(await sourcesOfMany(tokens), new Set(['clientSecret'])))
  it('rejects with an error of its class', async () => assert.ok((await refusal(tokens)) instanceof tokens.ConfigurationError))
})
