'use strict'
/* global jest, test, expect */

// With `automock`, which replaces every module.

const { refusal, source } = jest.requireActual('./shared.cjs')

test('the functions are mocks, and native code is not called', async () => {
  const tokens = require('azure-client-token')
  for (const name of ['clearCache', 'explain', 'getClientConfig', 'getClientToken']) expect(jest.isMockFunction(tokens[name])).toBe(true)
  expect(await tokens.getClientToken()).toBeUndefined()
  tokens.getClientToken.mockResolvedValue({ source: 'mock' })
  expect(await source(tokens)).toBe('mock')
})

test('the package itself returns a token if a test asks for it', async () => {
  jest.resetModules()
  jest.unmock('azure-client-token')
  const tokens = require('azure-client-token')
  expect(await source(tokens)).toBe('clientSecret')
  expect(await refusal(tokens)).toBeInstanceOf(tokens.ConfigurationError)
})
