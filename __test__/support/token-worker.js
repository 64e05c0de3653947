// @ts-check
'use strict'

// A thread that requests a token or clears the cache, as its messages say.

const { parentPort } = require('node:worker_threads')
const { getClientToken, clearCache } = require('../..')

parentPort?.on('message', async (wish) => parentPort?.postMessage(await answer(wish)))

/** @param {'token' | 'new token' | 'clear'} wish */
async function answer(wish) {
  if (wish === 'clear') return clearCache()
  const { token } = await getClientToken({}, { forceRefresh: wish === 'new token' })
  return token
}
