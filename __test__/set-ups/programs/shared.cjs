'use strict'

// The calls of each runner's test: they are the same, however the runner replaces modules, clocks and threads.

/** @param {typeof import('azure-client-token')} tokens */
exports.source = async (tokens) => (await tokens.getClientToken()).source

/** @param {typeof import('azure-client-token')} tokens */
exports.sourcesOfMany = async (tokens) => {
  const results = await Promise.all(Array.from({ length: 100 }, () => tokens.getClientToken()))
  return new Set(results.map(({ source }) => source))
}

/** @param {typeof import('azure-client-token')} tokens @returns {Promise<unknown>} the error of a call without an application's secret */
exports.refusal = (tokens) => tokens.getClientToken({}, { credential: 'clientSecret', tenantId: '' }).catch((error) => error)
