// @ts-check
'use strict'

// Where the package looks for its native addon, and the error if there is none.

const assert = require('node:assert/strict')
const { after, before, describe, test } = require('node:test')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const manifest = require('../package.json')
const { printed } = require('./support/consumer')
const { assertNoSecret } = require('./support/no-secret')

const root = path.join(__dirname, '..')
const target = /** @type {string} */ (fs.readdirSync(root).find((file) => /^azure-client-token\..*\.node$/.test(file)))
const built = path.join(root, target)
const platform = target.split('.')[1]
const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'

/** A copy of the package, as npm installs it, without an addon. @type {string} */
let folder

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-addon-'))
  const main = path.join(folder, 'node_modules', 'azure-client-token')
  for (const file of ['index.js', 'package.json', 'js']) fs.cpSync(path.join(root, file), path.join(main, file), { recursive: true })
})
after(() => fs.rmSync(folder, { recursive: true, force: true }))

const program = `
  const act = require('azure-client-token')
  const told = (error) => ({ name: error.name, code: error.code, message: error.message, help: error.help, retryable: error.retryable,
    isOurs: error instanceof act.ClientTokenError, cause: String(error.cause) })
  const failure = (call) => call().then(() => 'no failure', told)
  const calls = [act.getClientToken, act.getClientConfig, act.explain, async () => act.clearCache(), async () => new act.ClientTokenCredential({ credential: 'azureCli' })]
  Promise.all(calls.map(failure)).then((failures) => console.log(JSON.stringify(failures)))`

/**
 * The errors of all functions of the package.
 * @param {{ flags?: string[], environment?: Record<string, string>, before?: string, cwd?: string }} [options]
 * @returns {Promise<any[]>}
 */
async function failures({ flags = [], environment = {}, before: first = '', cwd = folder } = {}) {
  return printed(process.execPath, [...flags, '-e', first + program], environment, cwd)
}

/** @param {Parameters<typeof failures>[0]} [options] */
async function failure(options) {
  const [first, ...others] = await failures(options)
  for (const other of others) assert.deepEqual(other, first)
  assert.deepEqual([first.name, first.code, first.isOurs, first.retryable], ['ClientTokenError', 'ERR_ADDON', true, false], first.message)
  assert.equal(first.help, 'azure-client-token/TROUBLESHOOTING.md#the-addon-does-not-load')
  return first
}

/**
 * Installs a package under the name of a platform package.
 * @param {import('node:test').TestContext} t
 * @param {string} name
 * @param {string} main
 */
function stub(t, name, main) {
  const place = path.join(folder, 'node_modules', `azure-client-token-${name}`)
  fs.mkdirSync(place)
  fs.writeFileSync(path.join(place, 'index.js'), main)
  t.after(() => fs.rmSync(place, { recursive: true }))
}

test('every function of the package says that the addon is missing', async () => {
  const { message } = await failure()
  assert.match(message, /has no native addon for .*looked for azure-client-token-.*Run npm install again.*--omit=optional/)
})

test('a heading of TROUBLESHOOTING.md is what its help names', () => {
  assert.match(fs.readFileSync(path.join(root, 'TROUBLESHOOTING.md'), 'utf8'), /^## The addon does not load$/m)
})

test('the error names the platform for which node_modules was installed', async (t) => {
  stub(t, 'darwin-riscv', '')
  assert.match((await failure()).message, /node_modules was installed for darwin-riscv\. Run npm install again/)
})

describe('an addon that exists and cannot be loaded', () => {
  /** @type {[string, string, RegExp][]} the loader's error, and the advice */
  const rows = [
    ['a mount without execution', 'x.node: failed to map segment from shared object', /failed to map segment.*noexec/],
    ['the addon of glibc under musl', 'Error loading shared library ld-linux-x86-64.so.2: No such file', /ld-linux.*built for glibc.*musl.*npm install/],
    ['the addon of musl under glibc', '/lib/x86_64-linux-gnu/libc.so: invalid ELF header', /invalid ELF header.*musl.*npm install/],
    ['an old C library', "libc.so.6: version `GLIBC_2.34' not found (required by x.node)", /GLIBC_2\.34.*too old/],
    ['a file that may not be read', 'x.node: cannot open shared object file: Permission denied', /Permission denied.*Allow the user/],
    ['Deno without permission', 'NotCapable: Requires ffi access', /ffi access.*--allow-ffi/],
    ['anything else', 'the moon is full', /the moon is full\. TROUBLESHOOTING\.md/]
  ]
  for (const [what, reason, message] of rows) {
    test(`says why: ${what}`, async (t) => {
      stub(t, platform, `throw new Error(${JSON.stringify(reason)})`)
      const told = await failure()
      assert.match(told.message, message)
      assert.doesNotMatch(told.message, /has no native addon/)
    })
  }

  test('says why, whichever of the two packages it is', { skip: process.platform !== 'linux' && 'other systems have one C library' }, async (t) => {
    const other = platform.endsWith('-gnu') ? platform.replace('-gnu', '-musl') : platform.replace('-musl', '-gnu')
    stub(t, other, "throw new Error('libc.so: invalid ELF header')")
    assert.match((await failure()).message, /invalid ELF header/)
  })

  test('says why in one sentence if the reason comes from Windows', async (t) => {
    stub(t, platform, String.raw`throw new Error('The specified module could not be found.\r\n\\\\?\\C:\\addon.node')`)
    assert.match((await failure()).message, /: The specified module could not be found\. [A-Z]/)
  })

  test('says why: the file is damaged', async (t) => {
    stub(t, platform, "module.exports = require('./addon.node')")
    fs.writeFileSync(path.join(folder, 'node_modules', `azure-client-token-${platform}`, 'addon.node'), 'damaged')
    assert.match((await failure()).message, /addon\.node/)
  })

  test('names the flag: --no-addons', async () => {
    assert.match((await failure({ flags: ['--no-addons'], cwd: root })).message, /disabled.*without --no-addons/)
  })

  test('names the flag: --allow-addons', async () => {
    assert.match((await failure({ flags: ['--no-warnings', permission, '--allow-fs-read=*'], cwd: root })).message, /disabled.*--allow-addons/)
  })
})

test('a permission model that lets the program read its own folder alone is enough to find the addon', async () => {
  const flags = ['--no-warnings', permission, '--allow-addons', `--allow-fs-read=${root}/*`]
  const native = "require('azure-client-token').clearCache(); console.log(JSON.stringify('loaded'))"
  assert.equal(await printed(process.execPath, [...flags, '-e', native], {}, root), 'loaded')
})

describe('AZURE_CLIENT_TOKEN_ADDON', () => {
  const named = (/** @type {string} */ file) => ({ environment: { AZURE_CLIENT_TOKEN_ADDON: file } })

  test('is where the addon is loaded from', async () => {
    const told = await failures(named(built))
    assert.equal(told[3], 'no failure')
  })

  test('must be the absolute path of a .node file; its value is not shown', async () => {
    fs.writeFileSync(path.join(folder, 'evil.js'), "console.log('ran')")
    for (const file of ['addon.node', './addon.node', path.join(folder, 'evil.js'), path.join(folder, 'evil')]) {
      const { message } = await failure(named(file))
      assert.equal(message, 'AZURE_CLIENT_TOKEN_ADDON is not the absolute path of a .node file. Set it to one, or unset it.')
    }
  })

  test('that names a missing file is named in the error', async () => {
    assert.match((await failure(named(path.join(folder, 'none.node')))).message, /that AZURE_CLIENT_TOKEN_ADDON names cannot be loaded/)
  })

  test('whose path may be a secret is shown by its length', async (t) => {
    const secret = path.join(folder, 'ghp_m4rker0m4rker0m4rker0')
    const link = path.join(folder, 'link')
    fs.mkdirSync(secret)
    fs.symlinkSync(secret, link)
    t.after(() => [secret, link].forEach((place) => fs.rmSync(place, { recursive: true })))
    fs.writeFileSync(path.join(secret, 'x.node'), 'no addon')
    for (const file of [path.join(secret, 'x.node'), path.join(link, 'x.node'), path.join(secret, 'none.node'), `${secret}//./x.node`]) {
      const { message, cause } = await failure(named(file))
      assert.ok(message.includes(`(its path, ${file.length} characters)`), message)
      assertNoSecret(message + cause, ['m4rker'])
    }
  })

  test('is ignored if Object.prototype has it, and so is the loader\'s former name', async () => {
    const evil = path.join(folder, 'evil.js')
    for (const name of ['AZURE_CLIENT_TOKEN_ADDON', 'NAPI_RS_NATIVE_LIBRARY_PATH']) {
      const first = `Object.prototype.${name} = ${JSON.stringify(evil)};`
      assert.match((await failure({ before: first })).message, /has no native addon/)
      assert.match((await failure(named(''))).message, /has no native addon/)
    }
  })
})

describe('an addon of another version', () => {
  /** @type {[string, string, RegExp][]} what else it exports, and the error */
  const rows = [
    ['that tells its version', "packageVersion: () => '0.0.9'", /found a native addon of version 0\.0\.9, which/],
    ['that does not tell its version', '', /found a native addon of an unknown version, which/],
  ]
  for (const [what, exported, message] of rows) {
    test(`is refused by both versions' numbers: one ${what}`, async (t) => {
      stub(t, platform, `module.exports = { ...require(${JSON.stringify(built)}), packageVersion: undefined, ${exported} }`)
      const told = await failure()
      assert.match(told.message, message)
      assert.ok(told.message.startsWith(`azure-client-token ${manifest.version} found`), told.message)
      assert.match(told.message, /Install both packages at the same version/)
    })
  }

  test('is refused even if AZURE_CLIENT_TOKEN_ADDON names it', async (t) => {
    const main = path.join(folder, 'node_modules', 'azure-client-token', 'package.json')
    const text = fs.readFileSync(main, 'utf8')
    t.after(() => fs.writeFileSync(main, text))
    fs.writeFileSync(main, JSON.stringify({ ...manifest, version: '99.0.0' }))
    const { message } = await failure({ environment: { AZURE_CLIENT_TOKEN_ADDON: built } })
    assert.ok(message.startsWith(`azure-client-token 99.0.0 found a native addon of version ${manifest.version},`), message)
  })
})

test('the package of each platform is required by a literal name', () => {
  const text = fs.readFileSync(path.join(root, 'js', 'binding.js'), 'utf8')
  const required = [...text.matchAll(/case '([\w-]+)': return require\('azure-client-token-([\w-]+)'\)/g)]
  for (const [, name, literal] of required) assert.equal(name, literal)
  const { parseTriple } = require('@napi-rs/cli')
  const targets = manifest.napi.targets.map((triple) => parseTriple(triple).platformArchABI)
  assert.deepEqual(required.map(([, name]) => name).sort(), targets.sort())
})
