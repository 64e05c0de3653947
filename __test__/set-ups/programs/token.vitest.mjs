import * as tokens from 'azure-client-token'
import { expect, test, vi } from 'vitest'
import { refusal, source, sourcesOfMany } from './shared.cjs'

test('a token', async () => expect(await source(tokens)).toBe('clientSecret'))
test('100 calls at once', async () => expect(await sourcesOfMany(tokens)).toEqual(new Set(['clientSecret'])))
test('an error is of the class that is imported', async () => expect(await refusal(tokens)).toBeInstanceOf(tokens.ConfigurationError))

test('a module that is evaluated again', async () => {
  vi.resetModules()
  expect(await source(await import('azure-client-token'))).toBe('clientSecret')
})

test('a clock of the runner', async () => {
  vi.useFakeTimers()
  try {
    expect(await source(tokens)).toBe('clientSecret')
  } finally {
    vi.useRealTimers()
  }
})
