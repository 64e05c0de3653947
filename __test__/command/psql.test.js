// @ts-check
'use strict'

// psql logs in to a real PostgreSQL with `exec`, with a token as its password, which an LDAP server verifies.

const assert = require('node:assert/strict')
const { execFile, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { installedPrograms } = require('../support/command')
const { bareEnvironment } = require('../support/environment')
const { startLdapTokenCheck } = require('../support/ldap-token-check')
const { missingPostgresql, startPostgresql } = require('../support/postgresql')
const { tokenVerifier } = require('../support/resource-server')
const { watchCommandLines } = require('./command-lines')
const { assertNotOnCommandLines } = require('./session')

const USER = 'example-app'
const psqlMissing = spawnSync('psql', ['--version']).status !== 0 && 'psql is not installed'

describe('psql', { skip: missingPostgresql() || psqlMissing }, () => {
  const programs = installedPrograms()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'psql-'))
  /** @type {string[]} */
  const tokens = []
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  /** @type {Awaited<ReturnType<typeof startLdapTokenCheck>>} */
  let tokenCheck
  /** @type {Awaited<ReturnType<typeof startPostgresql>>} */
  let server

  before(async () => {
    emulator = await startEmulator()
    const verify = await tokenVerifier(emulator, 'https://ossrdbms-aad.database.windows.net')
    tokenCheck = await startLdapTokenCheck((token) => {
      tokens.push(token)
      return verify(token)
    })
    server = await startPostgresql({ users: [USER], ldapPort: tokenCheck.port })
    fs.writeFileSync(path.join(folder, 'ca.pem'), server.caCertificate)
  }, { timeout: 120_000 })
  after(async () => {
    await server?.close()
    tokenCheck?.close()
    await emulator.close()
    programs.remove()
    fs.rmSync(folder, { recursive: true })
  })

  /** @param {string} alias @param {string[]} words @returns {Promise<{ code: number, stdout: string, stderr: string }>} */
  const psql = (alias, ...words) => {
    const settings = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: path.join(folder, 'ca.pem'), PGHOST: 'localhost', PGPORT: String(server.port), PGUSER: USER, PGDATABASE: 'postgres' }
    const env = bareEnvironment({ AZURE_CLIENT_TOKEN_CACHE: 'off', ...emulator.environment(), ...settings, PATH: programs.searchPath, HOME: folder })
    const exec = ['exec', '--set', `PGPASSWORD=${alias}`, '--', 'psql', '--no-password', '--no-psqlrc', '--tuples-only', '--no-align', ...words]
    return new Promise((resolve) => execFile('azure-client-token', exec, { env, timeout: 60_000 }, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr })))
  }

  test('logs in with its token, which is on no command line', async () => {
    const lines = watchCommandLines()
    const { code, stdout, stderr } = await psql('postgres', '--command', 'select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()', '--command', 'select pg_sleep(0.2)')
    assert.deepEqual([code, stdout], [0, `${USER}|t\n\n`], stderr)
    assert.deepEqual(tokenCheck.accepted.map(({ name, claims }) => [name, claims.appid]), [[`cn=${USER}`, emulator.clientId]])
    assertNotOnCommandLines({ commandLines: lines.end() }, 'psql --no-password', tokens)
  })

  test('is refused with a token for another service, and exec has psql\'s own code', async () => {
    const { code, stdout, stderr } = await psql('graph', '--command', 'select 1')
    assert.deepEqual([code, stdout], [2, ''])
    assert.match(stderr, /LDAP authentication failed for user "example-app"/)
    assert.doesNotMatch(stderr, /eyJ/)
  })

  test('passes psql\'s own exit code on', async () => {
    assert.equal((await psql('postgres', '--set', 'ON_ERROR_STOP=1', '--command', 'select 1/0')).code, 1)
  })
})
