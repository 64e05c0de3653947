// @ts-check
'use strict'

// A program that the package starts ends with the process, however the process ends; and the error says why a program does not start.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { setTimeout: delay } = require('node:timers/promises')
const { after, beforeEach, describe, test } = require('node:test')
const { AuthenticationError, ClientTokenCredential, ResourceExhaustedError } = require('..')
const { logIn } = require('./support/login')
const { ended } = require('./support/processes')
const { run } = require('./support/run')
const { createStandIns } = require('./support/stand-in')

const skip = process.platform === 'win32' && 'the stand-ins are POSIX shell scripts'
const SCOPE = 'api://x/.default'

describe('a program', { skip }, () => {
  const standIns = createStandIns()
  after(() => standIns.remove())
  beforeEach(() => {
    standIns.clear()
    logIn({ PATH: standIns.searchPath })
  })

  const script = `
    const { ClientTokenCredential } = require('.')
    new ClientTokenCredential({ credential: 'command', program: 'give-token' }).getToken('${SCOPE}').catch(() => {})
    process.stdin.resume()`

  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'])) {
    test(`ends with all that it started if the process is ended by ${signal}`, async () => {
      standIns.install('give-token', { hangs: true })
      const act = async (/** @type {import('node:child_process').ChildProcess} */ child) => {
        while (!standIns.pid('give-token')) await delay(20)
        child.kill(signal)
      }
      const end = await run(script, { environment: { PATH: standIns.searchPath }, act })
      assert.equal(end.signal, signal)
      await ended(standIns.pid('give-token'))
    })
  }

  test('that has ended may leave other processes running', async () => {
    const pidFile = path.join(standIns.folder, 'left.pid')
    const lines = ['#!/bin/sh', `sleep 60 > /dev/null 2>&1 & echo $! > ${pidFile}`, 'echo a-token']
    fs.writeFileSync(path.join(standIns.folder, 'give-token'), `${lines.join('\n')}\n`, { mode: 0o755 })
    await new ClientTokenCredential({ credential: 'command', program: 'give-token' }).getToken(SCOPE)
    const left = Number(fs.readFileSync(pidFile, 'utf8'))
    await delay(200)
    assert.ok(process.kill(left, 0))
    process.kill(left)
  })

  for (const [fault, content, Class, sentence] of /** @type {const} */ ([
    ['whose interpreter is gone', '#!/opt/az/bin/python3\n', AuthenticationError, /its interpreter \/opt\/az\/bin\/python3 does not exist/],
    ['whose lines end as on Windows', '#!/bin/sh\r\necho token\r\n', AuthenticationError, /its first line ends with a carriage return/],
    ['that is killed', '#!/bin/sh\nkill -9 $$\n', ResourceExhaustedError, /it was ended by SIGKILL, which the system sends if memory runs out/],
    ['whose script says that its program was killed', '#!/bin/sh\nsh -c \'kill -9 $$\'\n', ResourceExhaustedError, /it was ended by SIGKILL/]
  ])) {
    test(`${fault} exists, has failed, and the error says why`, async () => {
      fs.writeFileSync(path.join(standIns.folder, 'az'), content, { mode: 0o755 })
      const call = new ClientTokenCredential({ credential: 'azureCli' }).getToken(SCOPE)
      const error = await call.then(() => assert.fail('a token came'), (failure) => failure)
      assert.ok(error instanceof Class, error.message)
      assert.match(error.message, sentence)
    })
  }
})
