// @ts-check
'use strict'

// The real docker CLI logs in to an Azure registry with this package's helper. The test compares every byte between them, and each request.

const assert = require('node:assert/strict')
const { before, describe, test } = require('node:test')
const { program, programMissing } = require('../support/debian-programs')
const { missingKeyring } = require('../support/keyring')
const { namespaceMissing } = require('../support/namespace')
const { assertNotOnCommandLines, playSession } = require('./session')

const REGISTRY = 'stand-in.azurecr.io'
const HELPER = 'docker-credential-azure-client-token'

describe('docker', { skip: namespaceMissing() || programMissing('docker') }, () => {
  /** @type {any} */
  let report
  before(async () => {
    report = await playSession('docker', { hosts: [REGISTRY, 'registry.example'], environment: { DOCKER: program('docker') } })
  }, { timeout: 500_000 })

  /** The helper's complete answer. */
  const found = () => ({ program: HELPER, words: 'get', input: REGISTRY, stdout: `{"ServerURL":"${REGISTRY}","Username":"<token>","Secret":"${report.refreshToken}"}\n`, stderr: '', code: 0 })

  test('reads a manifest with the registry\'s own token', () => {
    const { code, stdout, stderr, calls, asked } = report.inspect
    assert.deepEqual([code, stderr, JSON.parse(stdout).schemaVersion], [0, '', 2])
    for (const call of calls) assert.deepEqual(call, found())
    const { access_token: token, ...form } = asked[0].form
    assert.deepEqual([asked[0].path, form], ['/oauth2/exchange', { grant_type: 'access_token', service: REGISTRY, tenant: report.tenantId }])
    assert.deepEqual([asked[0].audience, token.split('.').length], ['https://containerregistry.azure.net', 3])
    const { grant_type, refresh_token, service } = asked.find((/** @type {{ path: string }} */ { path }) => path === '/oauth2/token').form
    assert.deepEqual({ grant_type, refresh_token, service }, { grant_type: 'refresh_token', refresh_token: report.refreshToken, service: REGISTRY })
  })

  for (const [name, setting] of [['pull', 'credHelpers'], ['store', 'credsStore']]) {
    test(`passes its engine the registry's own token, to pull with: ${setting}`, () => {
      const { code, calls, pulled } = report[name]
      assert.equal(code, 0)
      for (const call of calls) assert.deepEqual(call, found())
      assert.deepEqual(pulled, [{ serveraddress: REGISTRY, identitytoken: report.refreshToken }])
    })
  }

  test('exchanges a token once for two commands, and again after a logout', { skip: missingKeyring() }, () => {
    const exchanges = ['inspect', 'pull', 'refused'].map((name) => report[name].asked.filter((/** @type {{ path: string }} */ { path }) => path === '/oauth2/exchange').length)
    assert.deepEqual(exchanges, [1, 0, 1])
  })

  test('says why the registry refused, and pulls without a login', () => {
    const { calls, pulled, stderr } = report.refused
    const reason = `the registry ${REGISTRY} refused the login (status 401). Give the identity the role AcrPull or AcrPush there, and check that its network rules let this machine in\n`
    for (const call of calls) assert.deepEqual(call, { program: HELPER, words: 'get', input: REGISTRY, stdout: reason, stderr: `${HELPER}: ${reason}`, code: 1 })
    assert.deepEqual(pulled, [{}])
    assert.ok(stderr.includes(reason), stderr)
  })

  test('continues without a login at every other registry', () => {
    const { code, stderr, calls, asked, pulled } = report.elsewhere
    const none = { program: HELPER, words: 'get', input: 'https://index.docker.io/v1/', stdout: 'credentials not found in native keychain\n', stderr: '', code: 1 }
    for (const call of calls) assert.deepEqual(call, none)
    assert.deepEqual([code, stderr, asked, pulled, calls.length > 0], [0, '', [], [{}], true])
  })

  test('says that it does not store the password of another registry', () => {
    const { code, stderr, calls } = report.login
    const refusal = 'azure-client-token does not store the passwords of other registries. Name it in "credHelpers", for Azure registries only, instead of in "credsStore"'
    const input = '{"ServerURL":"registry.example","Username":"me","Secret":"a-password"}\n'
    assert.deepEqual(calls, [{ program: HELPER, words: 'store', input, stdout: `${refusal}\n`, stderr: '', code: 1 }])
    assert.deepEqual([code, stderr.includes(refusal), stderr.includes('a-password')], [1, true, false])
  })

  test('logs out', () => {
    for (const call of report.logout.calls) assert.deepEqual(call, { program: HELPER, words: 'erase', input: REGISTRY, stdout: '', stderr: '', code: 0 })
    assert.deepEqual([report.logout.code, report.logout.calls.length > 0], [0, true])
  })

  test('puts no token on a command line', () => {
    assertNotOnCommandLines(report, 'manifest inspect', [report.refreshToken, ...report.inspect.asked.map((/** @type {any} */ { form }) => form.access_token).filter(Boolean)])
  })
})
