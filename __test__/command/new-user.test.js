// @ts-check
'use strict'

// A new user who follows docs/command.md: the package from its tarballs, a login with the real Azure CLI, then kubectl, docker and git
// without separate logins.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { installAz } = require('../clients/install')
const { program, programMissing } = require('../support/debian-programs')
const { namespaceMissing } = require('../support/namespace')
const { claimsOf, playSession } = require('./session')

describe('a new user', { skip: namespaceMissing() || programMissing('docker') || programMissing('kubectl') }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'programs-'))
  /** @type {any} */
  let report
  /** @type {string | undefined} */
  let missing

  before(async () => {
    const az = await installAz()
    if ('missing' in az) return void (missing = az.missing)
    for (const name of /** @type {const} */ (['kubectl', 'docker'])) {
      const file = program(name)
      if (file !== name) fs.symlinkSync(file, path.join(folder, name))
    }
    report = await playSession('new-user', { hosts: ['stand-in.azurecr.io', 'dev.azure.com'], environment: { AZ: az.command, PROGRAMS: folder } })
  }, { timeout: 900_000 })
  after(() => fs.rmSync(folder, { recursive: true }))

  /** @param {string} name @param {() => void} look */
  const step = (name, look) => test(name, (context) => (missing ? context.skip(missing) : look()))

  step('is told to log in', () => {
    assert.deepEqual([report.before.code, report.before.stdout], [3, ''])
    assert.match(report.before.stderr, /az login/)
  })

  step('gets a token by the login of the Azure CLI', () => {
    const { login, token, explained } = report
    assert.deepEqual([login.code, token.code, token.stderr], [0, 0, ''], login.stderr)
    assert.equal(claimsOf(token.stdout).aud, 'https://graph.microsoft.com')
    assert.match(explained.stdout, /✓ The token comes from azureCli/)
  })

  step('converts the kubeconfig of az aks get-credentials, and gets the pods', () => {
    const { left, converted, pods } = report
    assert.equal(left.code, 2)
    assert.match(left.stderr, /add --credential azureCli/)
    assert.equal(converted.code, 0, converted.stderr)
    assert.deepEqual([pods.code, pods.stdout, pods.stderr], [0, 'NAME\nthe-pod\n', ''])
  })

  step('reads a manifest and pulls', () => {
    const { manifest, pull } = report
    assert.deepEqual([manifest.code, JSON.parse(manifest.stdout).schemaVersion, pull.code, pull.stderr], [0, 2, 0, ''], manifest.stderr)
  })

  step('clones', () => {
    assert.deepEqual([report.clone.code, report.cloned], [0, 'hello\n'], report.clone.stderr)
  })
})
