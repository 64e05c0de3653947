/* global test, expect */

import * as tokens from 'azure-client-token'
import { refusal, source, sourcesOfMany } from './shared.cjs'

test('a token', async () => expect(await source(tokens)).toBe('clientSecret'))
test('100 calls at once', async () => expect(await sourcesOfMany(tokens)).toEqual(new Set(['clientSecret'])))
test('an error is of the class that is imported', async () => expect(await refusal(tokens)).toBeInstanceOf(tokens.ConfigurationError))
