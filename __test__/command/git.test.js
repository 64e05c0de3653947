// @ts-check
'use strict'

// The real git asks the helper, as `git clone` does.

const assert = require('node:assert/strict')
const { spawn, spawnSync } = require('node:child_process')
const os = require('node:os')
const path = require('node:path')
const { after, before, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { ended, root } = require('../support/run')

const HELPER = path.join(root, 'js', 'command', 'git-credential.js')
const missing = spawnSync('git', ['--version']).status === 0 ? false : 'needs git'

/** @type {import('../../emulator').Emulator} */
let emulator
before(async () => (emulator = await startEmulator()))
after(() => emulator.close())

/** @param {string} host */
async function fill(host) {
  const settings = ['-c', 'credential.helper=', '-c', `credential.helper=${HELPER}`]
  const environment = { PATH: process.env.PATH, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: os.devNull, ...emulator.environment() }
  const git = spawn('git', [...settings, 'credential', 'fill'], { env: environment })
  git.stdin.end(`protocol=https\nhost=${host}\n\n`)
  return ended(git)
}

test('git gets a user and a token for Azure DevOps', { skip: missing }, async () => {
  const { stdout, code } = await fill('dev.azure.com')
  const { protocol, host, username, password, authtype, credential } = Object.fromEntries(stdout.trim().split('\n').map((line) => line.split(/=(.*)/s)))
  assert.deepEqual([protocol, host, code], ['https', 'dev.azure.com', 0])
  assert.ok(authtype === 'Bearer' || username === 'entra')
  const claims = JSON.parse(Buffer.from((password ?? credential).split('.')[1], 'base64url').toString())
  assert.equal(claims.aud, '499b84ac-1321-427f-aa17-267ca6975798')
})

test('git gets nothing for another host', { skip: missing }, async () => {
  const { stdout, stderr, code } = await fill('github.com')
  assert.equal(stdout, '')
  assert.notEqual(code, 0)
  assert.match(stderr, /could not read Username/)
})
