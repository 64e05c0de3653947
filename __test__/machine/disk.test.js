// @ts-check
'use strict'

// Disks to which nothing can be written: full, read-only, or out of inodes, in a separate namespace in which they can be mounted; and a
// disk without locks.

const assert = require('node:assert/strict')
const { before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { WITHOUT_LOCKS, missingSeccomp } = require('../support/fail-system-call')
const { inAProcess, newHome } = require('../support/machine')
const { namespaceMissing, runInNamespace } = require('../support/namespace')

/**
 * The outcome on each kind of disk: a process that forces five new tokens; then, if the store kept a token before, a process that requests
 * it.
 */
const script = `
  const { execFileSync } = require('node:child_process')
  const fs = require('node:fs')
  const os = require('node:os')
  const path = require('node:path')
  const { startEmulator } = require('./emulator')
  const { inAProcess } = require('./__test__/support/machine')

  const shell = (command) => execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'inherit'] })
  const fill = (folder) => shell('dd if=/dev/zero of="' + folder + '/rest" bs=1k 2>/dev/null || true')
  const kinds = {
    'full': { mount: 'size=64k', before: fill },
    'full later': { mount: 'size=64k', later: fill },
    'without room for a file': { mount: 'nr_inodes=4' },
    'read-only': { mount: 'ro' },
    'read-only later': { mount: 'size=64k', later: (folder) => shell('mount -o remount,ro "' + folder + '"') },
    'of another owner': { mount: 'uid=65534', isForeign: true },
    'open to others': { mount: 'mode=777', later: (folder) => fs.chmodSync(folder + '/azure-client-token/v1', 0o770) },
  }
  const main = async () => {
    const emulator = await startEmulator()
    const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
    const outcomes = {}
    for (const [name, { mount, before, later, isForeign }] of Object.entries(kinds)) {
      if (isForeign && process.env.OWN_USERS) continue
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'disk-'))
      shell('mount -t tmpfs -o ' + mount + ' none "' + folder + '"')
      const cache = { kind: 'machine', protection: 'file', directory: folder }
      const job = { options: { credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca, cache }, endpoint: 'https://vault.azure.net' }
      const ask = async (more) => {
        emulator.resetCounters()
        const { cachedIn, error, stderr } = await inAProcess({ ...job, ...more }, { AZURE_CLIENT_TOKEN_LOG: 'warn' })
        return { came: error ?? cachedIn, requests: emulator.counters.tokenRequests, warnings: stderr.split('\\n').filter(Boolean) }
      }
      before?.(folder)
      if (later) await ask()
      later?.(folder)
      outcomes[name] = { forced: await ask({ forced: true, calls: 5 }), again: await ask() }
      shell('umount "' + folder + '"')
      fs.rmdirSync(folder)
    }
    await emulator.close()
    process.stdout.write(JSON.stringify(outcomes))
  }
  main()
`

/** @typedef {{ came: string, requests: number, warnings: string[] }} Outcome */

describe('a machine\'s store on a disk', { skip: namespaceMissing() }, () => {
  /** @type {Record<string, Record<'forced' | 'again', Outcome>>} */
  let outcomes
  const isMapped = process.getuid?.() !== 0
  before(async () => {
    const { stdout, stderr } = await runInNamespace(script, { environment: isMapped ? { OWN_USERS: 'yes' } : {} })
    assert.equal(stderr, '')
    outcomes = JSON.parse(stdout)
  })

  /** Whether the second process finds the token that was kept before. */
  for (const [disk, words, finds] of /** @type {[string, RegExp, boolean?][]} */ ([
    ['full', /cannot store the encryption key/],
    ['full later', /does not store a token or a lock/, true],
    ['without room for a file', /cannot (store the encryption key|be used)/],
    ['read-only', /cannot be used/],
    ['read-only later', /does not store a token or a lock/, true],
    ['of another owner', /belongs to another user/],
    ['open to others', /can be written to by other users/],
  ])) {
    const skip = disk === 'of another owner' && isMapped && 'only root can create files of other users'
    test(`that is ${disk}: a token for each call, with one warning`, { skip }, () => {
      const { forced, again } = outcomes[disk]
      assert.deepEqual([forced.came, forced.requests, forced.warnings.length], ['service', 5, 1], forced.warnings.join('\n'))
      assert.match(forced.warnings[0], words)
      assert.deepEqual([again.came, again.requests, again.warnings.length], finds ? ['machine', 0, 0] : ['service', 1, 1])
    })
  }
})

test('on a disk without locks each process asks until one has written, and a log line says so', { skip: missingSeccomp() }, async (t) => {
  const emulator = await startEmulator()
  t.after(() => emulator.close())
  const { tenantId, clientId, clientSecret, authorityHost, caCertificate: ca } = emulator
  const cache = /** @type {const} */ ({ kind: 'machine', protection: 'file' })
  const job = { options: /** @type {any} */ ({ credential: 'clientSecret', tenantId, clientId, clientSecret, authorityHost, ca, cache }), endpoint: 'https://vault.azure.net' }
  const environment = { HOME: newHome(t), AZURE_CLIENT_TOKEN_LOG: 'debug' }
  const outcomes = []
  for (let count = 0; count < 2; count += 1) outcomes.push(await inAProcess(job, environment, WITHOUT_LOCKS))
  assert.deepEqual(outcomes.map(({ cachedIn }) => cachedIn), ['service', 'machine'])
  for (const { stderr } of outcomes) assert.equal(stderr.match(/does not support locks/g)?.length, 1)
})
