// @ts-check
'use strict'

// The search for known vulnerabilities, with databases of this test: it reports their advisories, and distinguishes a database that does
// not answer from an empty one. A release requires an answer, a change does not.

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFileSync, spawn, spawnSync } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const http = require('node:http')
const os = require('node:os')
const path = require('node:path')
const { text } = require('node:stream/consumers')

const root = path.join(__dirname, '..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-advisories-'))
const DATABASES = 'https://advisories.example.com/'
/** The answers of the stand-in for npm's database to a request about all packages. */
const npmAnswers = {
  none: {},
  some: { jose: [{ id: 1, url: 'https://example.com/1', title: 'a made-up fault', severity: 'high', vulnerable_versions: '*', cwe: [], cvss: { score: 9, vectorString: null } }] }
}

/** @type {{ none: string, some: string, silent: string }} configurations of cargo-deny */
let configurations
/** @type {{ none: string, some: string, silent: string }} addresses of npm's database */
let registries
/** @type {http.Server[]} */
const servers = []

before(async () => {
  configurations = { none: configuration('none', 'not-in-the-tree'), some: configuration('some', 'tokio'), silent: writeConfiguration('silent') }
  registries = {
    none: await registry(npmAnswers.none),
    some: await registry(npmAnswers.some),
    silent: 'http://127.0.0.1:1'
  }
})

after(() => {
  for (const server of servers) server.close()
  fs.rmSync(folder, { recursive: true, force: true })
})

describe('advisories', { skip: cargoDenyMissing() }, () => {
  test('without a known one, a change and a release pass', async () => {
    for (const required of [[], ['--required']]) {
      const { code, output } = await advisories('none', 'none', required)
      assert.equal(code, 0, output)
      assert.match(output, /RustSec: no advisory\nnpm: no advisory\n/)
    }
  })

  test('a crate with an advisory: neither passes, and the output names it', async () => {
    for (const required of [[], ['--required']]) {
      const { code, output } = await advisories('some', 'none', required)
      assert.equal(code, 1, output)
      assert.match(output, /RUSTSEC-2026-9999/)
    }
  })

  test('an npm package with an advisory: neither passes, and the output names it', async () => {
    for (const required of [[], ['--required']]) {
      const { code, output } = await advisories('none', 'some', required)
      assert.equal(code, 1, output)
      assert.match(output, /a made-up fault/)
    }
  })

  for (const [crates, packages, silent] of /** @type {const} */ ([['silent', 'none', 'RustSec'], ['none', 'silent', 'npm']])) {
    test(`${silent} does not answer: a change passes, a release does not`, async () => {
      const change = await advisories(crates, packages, [])
      const release = await advisories(crates, packages, ['--required'])
      assert.deepEqual([change.code, release.code], [0, 1], release.output)
      for (const { output } of [change, release]) assert.match(output, new RegExp(`${silent}: the database of advisories did not answer`))
    })
  }
})

/**
 * @param {keyof typeof configurations} crates
 * @param {keyof typeof registries} packages
 * @param {string[]} parameters
 */
async function advisories(crates, packages, parameters) {
  const script = path.join(root, 'scripts', 'advisories.js')
  const env = { ...process.env, ...fromThisTest(), npm_config_registry: registries[packages], npm_config_fetch_retries: '0' }
  const child = spawn(process.execPath, [script, '--deny-config', configurations[crates], ...parameters], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output: errors + output }
}

/**
 * A database as cargo-deny fetches it: a git repository with a file for each advisory.
 * @param {string} name
 * @param {string} crate that has an advisory
 */
function configuration(name, crate) {
  const database = path.join(folder, `${name}-database`)
  fs.mkdirSync(path.join(database, 'crates', crate), { recursive: true })
  fs.writeFileSync(path.join(database, 'crates', crate, 'RUSTSEC-2026-9999.md'), advisory(crate))
  const git = (/** @type {string[]} */ ...words) => execFileSync('git', ['-C', database, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...words])
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'Advisories')
  return writeConfiguration(name)
}

/** @param {string} name also of the database, which does not exist unless the test creates it */
function writeConfiguration(name) {
  const file = path.join(folder, `${name}.toml`)
  const place = path.join(folder, `${name}-checkout`)
  const settings = [`db-path = "${place}"`, `db-urls = ["${DATABASES}${name}-database"]`, 'git-fetch-with-cli = true', 'yanked = "allow"']
  fs.writeFileSync(file, ['[advisories]', 'version = 2', ...settings, ''].join('\n'))
  return file
}

/** git reads that address from this test's folder: cargo-deny accepts no address without a host. */
function fromThisTest() {
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `url.file://${folder}/.insteadOf`, GIT_CONFIG_VALUE_0: DATABASES }
}

/** @param {string} crate */
function advisory(crate) {
  return [
    '```toml',
    '[advisory]',
    'id = "RUSTSEC-2026-9999"',
    `package = "${crate}"`,
    'date = "2026-01-01"',
    '[versions]',
    'patched = [">= 999.0.0"]',
    '```',
    '# A made-up fault',
    '',
    'For a test.',
    ''
  ].join('\n')
}

/** @param {object} answer */
async function registry(answer) {
  const server = http.createServer((request, response) => {
    // For a package with an advisory, npm also requests the versions.
    const versions = { name: decodeURIComponent(String(request.url).slice(1)), 'dist-tags': {}, versions: {} }
    const text = JSON.stringify(request.method === 'GET' ? versions : answer)
    request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(text))
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return `http://127.0.0.1:${port}`
}

function cargoDenyMissing() {
  return spawnSync('cargo', ['deny', '--version']).status !== 0 && 'cargo-deny is not installed: .ci/run installs it'
}
