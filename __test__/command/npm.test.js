// @ts-check
'use strict'

// The real npm installs from a feed of Azure Artifacts, with the lines that the command wrote, and with `exec` without them.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { before, describe, test } = require('node:test')
const { namespaceMissing } = require('../support/namespace')
const { assertNotOnCommandLines, claimsOf, playSession } = require('./session')

const HOST = 'pkgs.dev.azure.com'
const DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798'
const npmMissing = spawnSync('npm', ['--version']).status !== 0 && 'npm is not installed'

describe('npm', { skip: namespaceMissing() || npmMissing }, () => {
  /** @type {any} */
  let report
  before(async () => {
    report = await playSession('npm', { hosts: [HOST] })
  }, { timeout: 500_000 })

  const place = '/organisation/project/_packaging/feed@Release/npm/'
  const requests = [{ path: `${place}registry/hello`, audience: DEVOPS }, { path: `${place}hello/-/hello-1.0.0.tgz`, audience: DEVOPS }]

  test('is refused without a token', () => {
    const { isInstalled, asked, stderr } = report.before
    assert.deepEqual([isInstalled, asked], [false, [{ path: `${place}registry/hello` }]])
    assert.match(stderr, /E401/)
  })

  test('installs with the lines that npmrc --write put into the user\'s configuration', () => {
    const token = /_authToken=(.*)/.exec(report.npmrc)?.[1] ?? ''
    assert.equal(report.npmrc, `//${HOST}${place}registry/:_authToken=${token}\n//${HOST}${place}:_authToken=${token}\n`)
    assert.deepEqual([claimsOf(token).aud, report.write.code, report.write.stdout], [DEVOPS, 0, ''])
    assert.match(report.write.stderr, new RegExp(`^/.*/\\.npmrc: npm logs in to //${HOST}${place}registry/ until .* then\\.\n$`))
    assert.doesNotMatch(report.write.stderr, /eyJ/)
    const { isInstalled, asked, stderr } = report.after
    assert.deepEqual([isInstalled, asked], [true, requests], stderr)
    assert.equal(report.project, `registry=${report.feed}\n`, 'the project\'s own file stays')
  })

  test('installs with a token in its environment alone', () => {
    const { isInstalled, asked, stderr } = report.child
    assert.deepEqual([isInstalled, asked], [true, requests], stderr)
  })

  test('has it on no command line', () => {
    assertNotOnCommandLines(report, 'npmrc --write', [/_authToken=(.*)/.exec(report.npmrc)?.[1] ?? ''])
  })
})
