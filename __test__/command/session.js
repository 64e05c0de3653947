// @ts-check
'use strict'

// Runs a session of sessions/, and checks its report.

const assert = require('node:assert/strict')
const { runInNamespace } = require('../support/namespace')

/** The programs of a session start dozens of times, on machines that may be busy. */
const TIME_LIMIT = 480_000

/**
 * @param {string} name
 * @param {{ hosts: string[], environment?: Record<string, string>, shell?: string }} options
 * @returns {Promise<any>}
 */
async function playSession(name, options) {
  const { stdout, stderr, code } = await runInNamespace(`require('./__test__/command/sessions/${name}')`, { timeLimit: TIME_LIMIT, ...options })
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout)
}

/**
 * @param {{ commandLines: string[] }} report
 * @param {string} words of a command line that must be seen, which proves that the polling works
 * @param {string[]} tokens
 */
function assertNotOnCommandLines({ commandLines }, words, tokens) {
  assert.ok(commandLines.some((line) => line.includes(words)), 'no command line was recorded')
  assert.ok(tokens.length > 0 && tokens.every((token) => token.length > 20), 'there was no token')
  for (const token of tokens) assert.ok(!commandLines.some((line) => line.includes(token)), 'a command line contained a token')
}

/** @param {string} token @returns {any} */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
}

module.exports = { assertNotOnCommandLines, claimsOf, playSession }
