// @ts-check
'use strict'

// The real git clones from and pushes to a stand-in for Azure DevOps with this package's helper. The test compares every byte between them.
// git decides which of its two answers the helper gives: from 2.46 on it accepts a bearer token. If the machine's git is older, the test
// also runs Debian's.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { before, describe, test } = require('node:test')
const { isNewEnough, mountOver, programMissing } = require('../support/debian-programs')
const { missingKeyring } = require('../support/keyring')
const { namespaceMissing } = require('../support/namespace')
const { assertNotOnCommandLines, claimsOf, playSession } = require('./session')

const HELPER = 'git-credential-azure-client-token'
const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798'
const gitMissing = spawnSync('git', ['--version']).status !== 0 && 'git is not installed'
const isMachinesNew = isNewEnough('git')

const machine = { title: 'git', takesBearer: isMachinesNew, shell: () => ':', skip: namespaceMissing() || gitMissing }
const debian = { title: 'git, 2.46 or newer', takesBearer: true, shell: () => mountOver('git'), skip: namespaceMissing() || gitMissing || programMissing('git') }

/** What git and the helper tell each other about a token. @typedef {{ token: string, expiry: string, user: string, tenantId: string }} Said */

/** @param {string} tenantId */
const wwwauth = (tenantId) => `wwwauth[]=Bearer authorization_uri=https://login.windows.net/${tenantId}\nwwwauth[]=Basic realm="https://dev.azure.com/"\n`
const place = 'protocol=https\nhost=dev.azure.com\n'

/** From 2.46 on. */
const bearer = {
  get: (/** @type {Said} */ { user, tenantId }) => `capability[]=authtype\ncapability[]=state\n${place}${user}${wwwauth(tenantId)}`,
  answer: (/** @type {Said} */ { token, expiry }) => `capability[]=authtype\nauthtype=Bearer\ncredential=${token}\nephemeral=true\npassword_expiry_utc=${expiry}\n`,
  store: (/** @type {Said} */ { token, expiry, user }) => `capability[]=authtype\nauthtype=Bearer\ncredential=${token}\nephemeral=1\n${place}${user}password_expiry_utc=${expiry}\n`,
  erase: (/** @type {Said} */ said) => `${bearer.store(said)}${wwwauth(said.tenantId)}`,
  login: { scheme: 'Bearer', user: '', audience: DEVOPS },
}

/** git before 2.40, which sends less. */
const basic = {
  get: (/** @type {Said} */ { user }) => `${place}${user}`,
  answer: (/** @type {Said} */ { token, expiry }) => `username=entra\npassword=${token}\npassword_expiry_utc=${expiry}\n`,
  store: (/** @type {Said} */ { token }) => `${place}username=entra\npassword=${token}\n`,
  erase: (/** @type {Said} */ said) => basic.store(said),
  login: { scheme: 'Basic', user: 'entra', audience: DEVOPS },
}

for (const { title, takesBearer, shell, skip } of isMachinesNew ? [machine] : [machine, debian]) {
  describe(title, { skip }, () => {
    const form = takesBearer ? bearer : basic
    /** @type {any} */
    let report
    before(async () => {
      report = await playSession('git', { hosts: ['dev.azure.com'], shell: shell() })
    }, { timeout: 500_000 })

    /** @param {string} answer @param {string} [user] @returns {Said} */
    const said = (answer, user = '') => ({
      token: /^(?:password|credential)=(.*)$/m.exec(answer)?.[1] ?? '', expiry: /^password_expiry_utc=(\d{10})$/m.exec(answer)?.[1] ?? '', user, tenantId: report.tenantId,
    })

    for (const [name, outcome, user] of /** @type {const} */ ([['clone', 'store', ''], ['named', 'store', 'username=organisation\n'], ['push', 'store', ''], ['refused', 'erase', '']])) {
      test(`sends get, then store or erase: ${name}`, () => {
        const { calls } = report[name]
        const one = said(calls[0].stdout, user)
        const call = { program: HELPER, stderr: '', code: 0 }
        // Other versions may send more.
        const isKnown = / 2\.(39|47)\./.test(report.version)
        const inputs = [form.get(one), form[outcome](one)].map((input, index) => (isKnown || !calls[index].input.includes(place) ? input : calls[index].input))
        assert.deepEqual(calls, [{ ...call, words: 'get', input: inputs[0], stdout: form.answer(one) }, { ...call, words: outcome, input: inputs[1], stdout: '' }])
        assert.deepEqual([claimsOf(one.token).aud, Math.abs(claimsOf(one.token).exp - Number(one.expiry)) <= 2], [DEVOPS, true])
      })
    }

    test('clones, lists and pushes', () => {
      const { clone, named, push, cloned } = report
      assert.deepEqual([clone.code, named.code, push.code, cloned], [0, 0, 0, 'hello\n'], clone.stderr + named.stderr + push.stderr)
      for (const { logins } of [clone, named, push]) assert.deepEqual(logins.at(-1), form.login)
    })

    test('gets one token until a server refuses it, and another one then', { skip: missingKeyring() }, () => {
      const [clone, push, refused, again] = ['clone', 'push', 'refused', 'again'].map((name) => said(report[name].calls[0].stdout).token)
      assert.deepEqual([clone === push, clone === refused, clone === again, report.again.code], [true, true, false, 0])
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
      assertNotOnCommandLines(report, 'ls-remote', ['clone', 'named', 'push', 'refused'].map((name) => said(report[name].calls[0].stdout).token))
    })
  })
}
