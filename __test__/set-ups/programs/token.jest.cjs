'use strict'
/* global jest, test, expect */

const { refusal, source, sourcesOfMany } = require('./shared.cjs')

test('a token', async () => expect(await source(require('azure-client-token'))).toBe('clientSecret'))

test('100 calls at once', async () => expect(await sourcesOfMany(require('azure-client-token'))).toEqual(new Set(['clientSecret'])))

test('a module that is evaluated again', async () => {
  const first = require('azure-client-token')
  jest.resetModules()
  const second = require('azure-client-token')
  expect(second).not.toBe(first)
  expect(await source(second)).toBe('clientSecret')
})

test('an isolated module', async () => {
  let isolated
  jest.isolateModules(() => (isolated = require('azure-client-token')))
  expect(await source(isolated)).toBe('clientSecret')
})

test('a clock of the runner', async () => {
  jest.useFakeTimers()
  try {
    expect(await source(require('azure-client-token'))).toBe('clientSecret')
  } finally {
    jest.useRealTimers()
  }
})

test('an error is of the class of this realm', async () => {
  const tokens = require('azure-client-token')
  const error = await refusal(tokens)
  expect(error).toBeInstanceOf(tokens.ConfigurationError)
  expect(error).toBeInstanceOf(Error)
})

test('a class in place of another one', () => {
  const tokens = require('azure-client-token')
  class Stub {}
  const spy = jest.spyOn(tokens, 'ClientTokenCredential', 'get').mockReturnValue(Stub)
  expect(new tokens.ClientTokenCredential()).toBeInstanceOf(Stub)
  spy.mockRestore()
  expect(new tokens.ClientTokenCredential({ credential: 'azureCli' })).not.toBeInstanceOf(Stub)
})

test('a mock without a factory has the functions, one with a factory has its results', async () => {
  jest.resetModules()
  jest.doMock('azure-client-token')
  expect(jest.isMockFunction(require('azure-client-token').getClientToken)).toBe(true)
  jest.resetModules()
  jest.doMock('azure-client-token', () => ({ getClientToken: async () => ({ source: 'mock' }) }))
  expect(await source(require('azure-client-token'))).toBe('mock')
  jest.dontMock('azure-client-token')
})
