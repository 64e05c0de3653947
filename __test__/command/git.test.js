// @ts-check
'use strict'

// The real git clones from and pushes to a server that stands in for Azure DevOps, by our helper: each byte between them. Which
// of its two answers the helper gives is git's to say: from 2.46 on it takes a bearer token.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { before, describe, test } = require('node:test')
const { namespaceMissing } = require('../support/namespace')
const { assertNotOnCommandLines, claimsOf, playSession } = require('./session')

const HELPER = 'git-credential-azure-client-token'
const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798'
const [major, minor] = /(\d+)\.(\d+)/.exec(String(spawnSync('git', ['--version']).stdout))?.slice(1).map(Number) ?? [0, 0]
const gitMissing = spawnSync('git', ['http-backend']).error !== undefined && 'there is no git here'
const takesBearer = major > 2 || (major === 2 && minor >= 46)

describe('git', { skip: namespaceMissing() || gitMissing }, () => {
  /** @type {any} */
  let report
  before(async () => {
    report = await playSession('git', { hosts: ['dev.azure.com'] })
  }, { timeout: 240_000 })

  /** The lines that git sends of its own accord, before and behind those about us. */
  const [ahead, behind] = takesBearer ? ['capability[]=authtype\ncapability[]=state\n', wwwauth] : ['', () => major === 2 && minor < 41 ? '' : wwwauth()]

  function wwwauth() {
    return `wwwauth[]=Bearer authorization_uri=https://login.windows.net/${report.tenantId}\nwwwauth[]=Basic realm="https://dev.azure.com/"\n`
  }

  /** The token of an answer, and the answer that has to be. @param {string} stdout */
  const expected = (stdout) => {
    const token = /^(?:password|credential)=(.*)$/m.exec(stdout)?.[1] ?? ''
    const expiry = /^password_expiry_utc=(\d{10})$/m.exec(stdout)?.[1] ?? ''
    assert.ok(Math.abs(claimsOf(token).exp - Number(expiry)) <= 2)
    const login = takesBearer ? `authtype=Bearer\ncredential=${token}\nephemeral=true\n` : `username=entra\npassword=${token}\n`
    return { token, answer: `${takesBearer ? 'capability[]=authtype\n' : ''}${login}password_expiry_utc=${expiry}\n` }
  }

  for (const [name, user] of [['clone', ''], ['named', 'username=organisation\n'], ['push', ''], ['refused', '']]) {
    test(`asks, and says what came of it: ${name}`, () => {
      const [get, said, ...others] = report[name].calls
      const { token, answer } = expected(get.stdout)
      assert.deepEqual(get, { program: HELPER, words: 'get', input: `${ahead}protocol=https\nhost=dev.azure.com\n${user}${behind()}`, stdout: answer, stderr: '', code: 0 })
      assert.equal(claimsOf(token).aud, DEVOPS)
      // git keeps to itself what is ephemeral.
      if (said === undefined) return assert.ok(takesBearer)
      const { input, ...outcome } = said
      assert.deepEqual([outcome, others], [{ program: HELPER, words: name === 'refused' ? 'erase' : 'store', stdout: '', stderr: '', code: 0 }, []])
      assert.ok(input.includes('protocol=https\nhost=dev.azure.com\n') && input.includes(token))
    })
  }

  test('clones, lists and pushes', () => {
    const { clone, named, push, cloned } = report
    assert.deepEqual([clone.code, named.code, push.code, cloned], [0, 0, 0, 'hello\n'], clone.stderr + named.stderr + push.stderr)
    for (const { logins } of [clone, named, push]) {
      const last = logins.at(-1)
      assert.deepEqual(last, { scheme: takesBearer ? 'Bearer' : 'Basic', user: takesBearer ? '' : 'entra', audience: DEVOPS })
    }
  })

  test('says that the server refused the token', () => {
    assert.equal(report.refused.code, 128)
    assert.match(report.refused.stderr, /Authentication failed for 'https:\/\/dev\.azure\.com\//)
  })

  test('gets nothing for another host', () => {
    const { code, calls, stderr } = report.elsewhere
    assert.deepEqual(calls.map((/** @type {any} */ { stdout, stderr, code }) => [stdout, stderr, code]), [['', '', 0]])
    assert.notEqual(code, 0)
    assert.match(stderr, /could not read Username/)
  })

  test('puts no token on a command line', () => {
    assertNotOnCommandLines(report, 'ls-remote', ['clone', 'named', 'push', 'refused'].map((name) => expected(report[name].calls[0].stdout).token))
  })
})
