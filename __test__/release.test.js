// @ts-check
'use strict'

// The parts of a release except its addons. `npm run release -- --dry-run` tests a whole release, including installations from a registry
// by every package manager.

const { after, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { cargoWith, releaseFlags } = require('../scripts/release-flags')
const manifest = require('../package.json')

const root = path.join(__dirname, '..')
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-release-test-'))
after(() => fs.rmSync(folder, { recursive: true, force: true }))

/** @param {string} file */
const text = (file) => fs.readFileSync(path.join(root, file), 'utf8')

describe('the version', () => {
  test('is that of package.json everywhere', () => {
    const crates = ['Cargo.lock', 'fuzz/Cargo.lock'].flatMap((lock) => [...text(lock).matchAll(/^name = "azure-client-token(?:-core)?"\nversion = "(.*)"$/gm)])
    assert.ok(crates.length >= 3)
    assert.deepEqual([...new Set(crates.map(([, version]) => version))], [manifest.version])
    assert.equal(JSON.parse(text('package-lock.json')).version, manifest.version)
    assert.match(text('Cargo.toml'), new RegExp(`^version = "${manifest.version}"$`, 'm'))
  })

  test('of another file is found, and copied', () => {
    const copy = path.join(folder, 'checkout')
    const places = ['Cargo.toml', 'Cargo.lock', 'fuzz/Cargo.lock']
    for (const file of ['scripts/copy-version.js', ...places]) fs.cpSync(path.join(root, file), path.join(copy, file))
    fs.writeFileSync(path.join(copy, 'package.json'), JSON.stringify({ version: '99.0.0' }))
    const run = (/** @type {string[]} */ ...words) => spawnSync(process.execPath, [path.join(copy, 'scripts', 'copy-version.js'), ...words], { encoding: 'utf8' })
    const found = run('--check')
    assert.deepEqual(found.stderr.match(/^\S+ and package.json have different versions/gm)?.length, 3)
    assert.deepEqual([found.status, run().status, run('--check').status], [1, 0, 0])
    for (const place of places) assert.match(fs.readFileSync(path.join(copy, place), 'utf8'), /^version = "99\.0\.0"$/m)
  })

  test('has a section in CHANGELOG.md, or its changes are unreleased', () => {
    const titles = [...text('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    for (const title of titles) assert.match(title, /^\[(Unreleased|\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$)/)
  })
})

describe('the flags of a release', () => {
  const flags = { rust: ['--remap-path-prefix=/home/me=/crates'], c: ['-fstack-protector-strong'] }

  test('join those of the configuration', () => {
    const { parameters, env } = cargoWith('x86_64-unknown-linux-gnu', flags, {})
    assert.deepEqual(parameters, ['--config', 'target.x86_64-unknown-linux-gnu.rustflags=["--remap-path-prefix=/home/me=/crates"]'])
    assert.deepEqual(env, { CFLAGS: '-fstack-protector-strong' })
  })

  test('join those of the environment, with which cargo ignores its configuration', () => {
    const { parameters, env } = cargoWith('x86_64-unknown-linux-gnu', flags, { RUSTFLAGS: '-Cdebuginfo=0 -Copt-level=1', CFLAGS: '-g' })
    assert.deepEqual(parameters, [])
    assert.deepEqual(env.CARGO_ENCODED_RUSTFLAGS?.split('\x1f'), ['-Cdebuginfo=0', '-Copt-level=1', ...flags.rust])
    assert.equal(env.CFLAGS, '-g -fstack-protector-strong')
  })

  test("have none of GNU's for Microsoft's compiler", () => {
    assert.deepEqual(releaseFlags('x86_64-pc-windows-msvc').c, [])
    assert.ok(releaseFlags('x86_64-pc-windows-gnu').c.includes('-fstack-protector-strong'))
  })

  test("link the library of Microsoft's compiler into the addon: otherwise Windows needs it installed", () => {
    assert.ok(releaseFlags('aarch64-pc-windows-msvc').rust.includes('-Ctarget-feature=+crt-static'))
    assert.ok(!releaseFlags('x86_64-unknown-linux-gnu').rust.includes('-Ctarget-feature=+crt-static'))
  })

  test("name the checkout and the crates' folder", () => {
    const { rust } = releaseFlags('x86_64-unknown-linux-gnu')
    assert.ok(rust.some((flag) => flag.startsWith(`--remap-path-prefix=${root}=`)))
    assert.ok(rust.some((flag) => /registry[/\\]src[/\\].*=\/crates$/.test(flag)))
  })
})

describe('the repository', () => {
  /** @param {Record<string, string>} settings */
  const packedWith = (settings) => {
    const { GITHUB_SERVER_URL: _, GITHUB_REPOSITORY: __, ...env } = process.env
    const program = "console.log(JSON.stringify(require('./scripts/pack').repository()))"
    return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: root, env: { ...env, ...settings }, encoding: 'utf8' }))
  }

  test('is that of the workflow that packs', () => {
    const settings = { GITHUB_SERVER_URL: 'https://git.example.com', GITHUB_REPOSITORY: 'someone/something' }
    assert.deepEqual(packedWith(settings), { repository: { type: 'git', url: 'git+https://git.example.com/someone/something.git' } })
  })

  test('is absent elsewhere', () => {
    assert.deepEqual(packedWith({}), {})
    assert.equal('repository' in manifest, false)
  })
})

test('a release with a missing addon is refused', () => {
  const addons = path.join(folder, 'addons')
  fs.mkdirSync(addons)
  fs.writeFileSync(path.join(addons, 'azure-client-token.linux-x64-gnu.node'), '')
  const program = `require('./scripts/release/steps').checkAddons(${JSON.stringify(addons)})`
  const { status, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: root, encoding: 'utf8' })
  assert.equal(status, 1)
  assert.match(stderr, /7 addons are missing .*: linux-arm64-gnu, linux-x64-musl/)
})
