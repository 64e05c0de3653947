// @ts-check
'use strict'

// What `npm install` gives a user: a release's tarballs in a separate project, in every supported runtime.

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { startEmulator } = require('../emulator')
const { importsOf } = require('../scripts/cross/inspect')
const { pack, platformName } = require('../scripts/pack')
const { compiledC } = require('./support/compiled-c')
const { bareEnvironment } = require('./support/environment')
const { filesUnder, installConsumer, printed } = require('./support/consumer')
const { bundled } = require('./support/esbuild')
const { installHosts, missingHosts } = require('./support/hosts')
const { localLinks } = require('./support/links')

const run = promisify(execFile)
const root = path.join(__dirname, '..')
const megabyte = 1_000_000

/** The line that every program below prints: properties of the token, but not the token. */
const report = `({ token, tokenType, source }) => {
  const claims = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))
  console.log(JSON.stringify({ aud: claims.aud, appid: claims.appid, tokenType, source }))
}`

/** @type {import('../scripts/pack').Tarballs} */
let tarballs
/** @type {import('./support/consumer').Consumer} */
let consumer
/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
const out = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-tarballs-'))

before(async () => {
  emulator = await startEmulator()
  tarballs = pack({ out })
  consumer = await installConsumer([tarballs.main, platformTarball()])
})

after(async () => {
  await emulator?.close()
  consumer?.remove()
  fs.rmSync(out, { recursive: true, force: true })
})

describe('what is installed', () => {
  test('two packages, and none of another platform', () => {
    const installed = fs.readdirSync(modules()).filter((name) => !name.startsWith('.'))
    assert.deepEqual(installed.sort(), ['azure-client-token', platformName(thisPlatform())].sort())
  })

  const sizes = () => filesUnder(modules()).map((file) => ({ file, bytes: fs.statSync(file).size }))
  const addons = () => sizes().filter(({ file }) => file.endsWith('.node'))

  test('at most 6 MB, and one addon', () => {
    assert.ok(sum(sizes()) <= 6 * megabyte, `${sum(sizes())} bytes are installed`)
    assert.equal(addons().length, 1)
  })

  // Stripped, with every kind of credential. If it exceeds the limit, `nm --print-size --size-sort -C` on a build with
  // CARGO_PROFILE_RELEASE_STRIP=none lists the largest symbols.
  test('an addon of at most 4.3 MB', () => {
    assert.ok(sum(addons()) <= 4.3 * megabyte, `the addon has ${sum(addons())} bytes`)
  })

  test('an addon without a path of the build machine', () => {
    const places = [os.homedir() + path.sep, root, path.join('registry', 'src')]
    const content = fs.readFileSync(addons()[0].file, 'latin1')
    assert.deepEqual(places.filter((place) => content.includes(place)), [])
  })

  const noSymbols = process.platform !== 'linux' && 'readelf reads addons for Linux alone'
  test('an addon whose C code protects its stack', { skip: noSymbols }, () => {
    assert.ok(importsOf(addons()[0].file).includes('__stack_chk_fail'))
  })

  // A checked variant (such as __memcpy_chk) shows in code that calls a function which has one. ring's C code calls none, so that the test
  // reads the compiler's flags, and looks for unchecked calls in the object files.
  const compiled = process.platform === 'linux' ? compiledC() : undefined
  const notHere = compiled === undefined && 'npm run build has not compiled C code in this checkout'
  test('an addon whose C code was compiled with checked functions, and calls none that is not', { skip: noSymbols || notHere }, () => {
    const { flags, calls } = /** @type {NonNullable<typeof compiled>} */ (compiled)
    assert.match(flags, /-fstack-protector-strong .*-D_FORTIFY_SOURCE=2/)
    assert.ok(calls.includes('__stack_chk_fail'))
    assert.deepEqual(calls.filter((name) => !name.endsWith('_chk') && name !== '__stack_chk_fail'), [])
  })

  test('the addon is only in the platform package, with its documents', () => {
    const files = fs.readdirSync(path.join(modules(), platformName(thisPlatform())))
    const addon = `azure-client-token.${thisPlatform().platformArchABI}.node`
    const papers = ['LICENSE', 'NOTICE', 'README.md', 'THIRD-PARTY-LICENSES']
    assert.deepEqual(files.sort(), [...papers, addon, 'package.json'].sort())
    assert.equal(filesUnder(path.join(modules(), 'azure-client-token')).filter((file) => file.endsWith('.node')).length, 0)
  })

  test('links in its documents lead to files in the package', () => {
    const main = path.join(modules(), 'azure-client-token')
    const papers = filesUnder(main).filter((file) => file.endsWith('.md'))
    assert.ok(papers.includes(path.join(main, 'README.md')))
    for (const paper of papers) {
      const places = localLinks(fs.readFileSync(paper, 'utf8')).map((link) => link.split('#')[0])
      for (const place of places) assert.ok(fs.existsSync(path.join(path.dirname(paper), place)), `${paper} links to ${place}`)
    }
  })

  test('its examples need nothing else', () => {
    const examples = filesUnder(path.join(modules(), 'azure-client-token', 'examples')).filter((file) => file.endsWith('.js'))
    assert.ok(examples.length > 0)
    for (const file of examples) assert.doesNotMatch(fs.readFileSync(file, 'utf8'), /(?:require\(|from )'\.\.\//, file)
  })

  test('the document to which errors link is in the package', async () => {
    const program = "require('azure-client-token').getClientToken().catch(({ help }) => console.log(JSON.stringify(help)))"
    const file = consumer.write('help.cjs', program)
    const help = await printed(process.execPath, [file], { ARM_CLIENT_SECRET: 'and nothing else' }, consumer.folder)
    const [paper, anchor] = help.split('#')
    assert.equal(anchor, 'client-secret')
    assert.match(fs.readFileSync(path.join(modules(), paper), 'utf8'), /^### Client secret$/m)
  })

  test('the licences of all compiled crates are there', async () => {
    const file = path.join(modules(), platformName(thisPlatform()), 'THIRD-PARTY-LICENSES')
    const named = [...fs.readFileSync(file, 'utf8').matchAll(/^([\w-]+ \d[\w.+-]*) \(.+\)$/gm)].map(([, crate]) => crate)
    assert.deepEqual([...new Set(named)].sort(), await cratesOfTheTree())
  })

  test('no scripts, no dependencies except the platforms, all at one version', () => {
    const main = installedManifest('azure-client-token')
    assert.equal(main.scripts, undefined)
    assert.equal(main.dependencies, undefined)
    assert.equal(main.devDependencies, undefined)
    assert.equal(installedManifest(platformName(thisPlatform())).scripts, undefined)
    assert.ok(Object.keys(main.optionalDependencies).includes(platformName(thisPlatform())))
    assert.deepEqual([...new Set(Object.values(main.optionalDependencies))], [main.version])
  })

  test('the checkout itself names no platform package', () => {
    const checkout = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
    assert.equal(checkout.optionalDependencies, undefined)
    for (const script of ['preinstall', 'install', 'postinstall']) assert.equal(checkout.scripts[script], undefined)
  })

  test('no lock file names a registry', () => {
    const pinned = ['hosts', 'bundlers'].flatMap((kind) => fs.readdirSync(path.join(root, '__test__', kind)).map((name) => `__test__/${kind}/${name}`))
    const places = ['.', 'bench', ...pinned.filter((name) => !name.endsWith('.js'))]
    for (const place of places) {
      const { packages } = JSON.parse(fs.readFileSync(path.join(root, place, 'package-lock.json'), 'utf8'))
      assert.deepEqual(Object.keys(packages).filter((name) => packages[name].resolved), [], place)
    }
  })

  test('npm counts no install script', () => {
    const { packages } = JSON.parse(fs.readFileSync(path.join(modules(), '.package-lock.json'), 'utf8'))
    assert.deepEqual(Object.keys(packages).filter((name) => packages[name].hasInstallScript), [])
  })
})

describe('JavaScript', () => {
  const programs = {
    'require.cjs': `const { getClientToken } = require('azure-client-token')\ngetClientToken().then(${report})`,
    'named.mjs': `import { getClientToken } from 'azure-client-token'\ngetClientToken().then(${report})`,
    'default.mjs': `import tokens from 'azure-client-token'\ntokens.getClientToken().then(${report})`,
    'dynamic.cjs': `import('azure-client-token').then(({ getClientToken }) => getClientToken()).then(${report})`
  }
  for (const [name, program] of Object.entries(programs)) {
    test(name, async () => {
      const file = consumer.write(name, program)
      await assertPrintsClaims(process.execPath, [file])
    })
  }
})

// Node.js needs a third of a millisecond for each file, so scripts/join.js joins those that a first token needs.
describe('few files are loaded', () => {
  // The kind of stdout that a shell, git, docker and kubectl give the command. Node.js gives its child processes a socket.
  const inPipe = ['/bin/sh', '-c', '"$@" | cat', 'sh']
  const program = 'const tokens = require("azure-client-token")\ntokens.getClientToken().then(() => tokens.clearCache())'
  const command = () => path.join(modules(), 'azure-client-token', 'js', 'command', 'azure-client-token.js')

  test('two by a first token', async () => {
    assert.deepEqual((await loadedBy([consumer.write('first.cjs', program)])).files, ['index.js', 'js/joined.js'])
  })

  test('three by the command', async () => {
    const { files, builtIn } = await loadedBy([command(), 'token', '--no-cache'], inPipe)
    assert.deepEqual(files, ['js/command/azure-client-token.js', 'js/command/joined.js', 'js/joined.js'])
    // The modules that Node.js loads when it creates process.stdout or process.stderr, which takes several milliseconds.
    assert.deepEqual(builtIn.filter((name) => /^NativeModule (net|tty)$/.test(name)), [])
  })

  test('and each module is evaluated once: the class of an error is the same in every entry', async () => {
    const text = `const { ConfigurationError } = require('azure-client-token')
      try { require('azure-client-token/redis').redisStore() } catch (error) { console.log(error instanceof ConfigurationError) }`
    assert.equal(await printed(process.execPath, [consumer.write('class.cjs', text)], {}, consumer.folder), true)
  })

  test('and each class and function has the name that it is exported by', async () => {
    const text = `const exported = ['azure-client-token', 'azure-client-token/identity', 'azure-client-token/redis'].flatMap((entry) => Object.entries(require(entry)))
      console.log(JSON.stringify(exported.filter(([name, value]) => typeof value === 'function' && value.name !== name).map(([name, value]) => [name, value.name])))`
    assert.deepEqual(await printed(process.execPath, [consumer.write('names.cjs', text)], {}, consumer.folder), [])
  })

  test('one by the package, until something is called', async () => {
    assert.deepEqual((await loadedBy([consumer.write('loads.cjs', 'require("azure-client-token")')])).files, ['index.js'])
  })
})

describe('TypeScript', () => {
  const program = [
    `import { getClientToken, type GetClientTokenResult } from 'azure-client-token'`,
    `const report: (result: GetClientTokenResult) => void = ${report}`,
    'getClientToken().then(report)'
  ].join('\n')

  /** @type {{ moduleResolution: string, module: string, source: string, output: string }[]} */
  const settings = [
    { moduleResolution: 'node', module: 'commonjs', source: 'node.ts', output: 'node.js' },
    { moduleResolution: 'node16', module: 'node16', source: 'node16.cts', output: 'node16.cjs' },
    { moduleResolution: 'node16', module: 'node16', source: 'node16.mts', output: 'node16.mjs' },
    { moduleResolution: 'bundler', module: 'esnext', source: 'bundler.mts', output: 'bundler.mjs' }
  ]
  for (const { moduleResolution, module, source, output } of settings) {
    test(`moduleResolution ${moduleResolution}: ${source}`, async () => {
      const file = consumer.write(source, program)
      await compile(['--moduleResolution', moduleResolution, '--module', module, file])
      await assertPrintsClaims(process.execPath, [path.join(consumer.folder, output)])
    })
  }

  test('a mistake is found', async () => {
    const file = consumer.write('mistake.ts', program.replace('getClientToken()', 'getClientToken({ endpoint: 1 })'))
    await assert.rejects(compile(['--moduleResolution', 'node', '--module', 'commonjs', file]), /not assignable/)
  })
})

describe('runtimes', { skip: missingHosts() }, () => {
  test('each gets a token', async (t) => {
    const file = consumer.write('runtime.cjs', `const { getClientToken } = require('azure-client-token')\ngetClientToken().then(${report})`)
    const pollution = "for (const name of ['AZURE_AUTHORITY_HOST', 'ARM_CLIENT_ID', 'timeout', 'endpoint']) Object.prototype[name] = 'https://localhost:1/'\n"
    const polluted = consumer.write('polluted.cjs', pollution + fs.readFileSync(file, 'utf8'))
    for (const { name, command, parameters } of await installHosts()) {
      await t.test(name, () => assertPrintsClaims(command, [...parameters, file]))
      await t.test(`${name}: ignores a variable of Object.prototype`, () => assertPrintsClaims(command, [...parameters, polluted]))
    }
  })
})

describe('a bundle', { skip: missingHosts() }, () => {
  const copied = { loader: { '.node': 'copy' } }
  const token = `import { getClientToken } from 'azure-client-token'\ngetClientToken().then(${report})`

  for (const options of [{}, { minify: true }, { format: 'esm' }]) {
    test(`gets a token without node_modules: ${JSON.stringify(options)}`, async (t) => {
      await assertPrintsClaims(process.execPath, [await bundled(t, consumer.write('token.mjs', token), { ...copied, ...options })])
    })
  }

  for (const minify of [false, true]) {
    test(`has the names of the errors, which the chain of @azure/identity needs${minify ? ', minified' : ''}`, async (t) => {
      const program = `
        import * as tokens from 'azure-client-token'
        import { ChainedTokenCredential } from '@azure/identity'
        const names = Object.values(tokens).map(({ prototype }) => prototype?.name).filter(Boolean).sort()
        const second = { getToken: async () => ({ token: 'second', expiresOnTimestamp: Date.now() + 1e6 }) }
        const chain = new ChainedTokenCredential(new tokens.ClientTokenCredential({ credential: 'azureCli' }), second)
        chain.getToken('https://vault.azure.net/.default').then(({ token }) => console.log(JSON.stringify({ token, names })))`
      const file = await bundled(t, consumer.write('names.mjs', program), { ...copied, minify })
      const found = await printed(process.execPath, [file], { PATH: '/nonexistent' }, consumer.folder)
      assert.equal(found.token, 'second')
      const names = Object.keys(require('..')).filter((name) => name.endsWith('Error')).sort()
      assert.deepEqual([...new Set(found.names)], names)
    })
  }

  test('loads no addon from the folder above its own', async (t) => {
    const program = "import { explain } from 'azure-client-token'\nexplain().catch(({ code, message }) => console.log(JSON.stringify({ code, message })))"
    const file = await bundled(t, consumer.write('above.mjs', program), { external: ['azure-client-token-*'] })
    const inner = path.join(path.dirname(file), 'inner', path.basename(file))
    fs.mkdirSync(path.dirname(inner))
    fs.renameSync(file, inner)
    fs.writeFileSync(path.join(path.dirname(file), `azure-client-token.${thisPlatform().platformArchABI}.node`), 'planted')
    const { message } = await printed(process.execPath, [inner], {}, path.dirname(file))
    assert.match(message, /part of a bundle/)
  })

  test('without the addon says that it is a bundle', async (t) => {
    const program = "import { explain } from 'azure-client-token'\nexplain().catch(({ code, message }) => console.log(JSON.stringify({ code, message })))"
    const file = await bundled(t, consumer.write('alone.mjs', program), { external: ['azure-client-token-*'] })
    const { code, message } = await printed(process.execPath, [file], {}, path.dirname(file))
    assert.equal(code, 'ERR_ADDON')
    assert.match(message, /part of a bundle.*--external:azure-client-token/)
  })

  test('without settings for addons fails when it is built, and its message says what to set', async (t) => {
    await assert.rejects(bundled(t, consumer.write('token.mjs', token)), /No loader is configured for "\.node" files/)
  })
})

test('publint and are-the-types-wrong find nothing', async () => {
  const script = path.join(root, 'scripts', 'lint-package.js')
  await explained(run(process.execPath, [script, tarballs.main, platformTarball()]))
})

/**
 * @param {string} command
 * @param {string[]} parameters
 */
async function assertPrintsClaims(command, parameters) {
  const claims = await printed(command, parameters, emulator.environment(), consumer.folder)
  assert.deepEqual(claims, {
    aud: 'https://management.azure.com/',
    appid: emulator.clientId,
    tokenType: 'Bearer',
    source: 'clientSecret'
  })
}

/**
 * The JavaScript and JSON files of the main package that a program loads, sorted, and Node.js's own modules.
 * @param {string[]} words the arguments of Node.js
 * @param {string[]} before the program that starts Node.js, and its arguments
 * @returns {Promise<{ files: string[], builtIn: string[] }>}
 */
async function loadedBy(words, before = []) {
  const report = path.join(consumer.folder, 'loaded.json')
  const text = `process.once('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify([Object.keys(require.cache), process.moduleLoadList])))`
  const env = bareEnvironment({ HOME: consumer.folder, ...emulator.environment() })
  const [program, ...parameters] = [...before, process.execPath, '--require', consumer.write('report.cjs', text), ...words]
  await run(program, parameters, { cwd: consumer.folder, env })
  const main = fs.realpathSync(path.join(modules(), 'azure-client-token')) + path.sep
  /** @type {[string[], string[]]} */
  const [loaded, builtIn] = JSON.parse(fs.readFileSync(report, 'utf8'))
  const files = loaded.filter((file) => file.startsWith(main)).map((file) => file.slice(main.length).replaceAll(path.sep, '/'))
  return { files: files.sort(), builtIn }
}

/** @param {string[]} parameters */
async function compile(parameters) {
  const tsc = require.resolve('typescript/bin/tsc')
  const strict = ['--strict', '--target', 'es2022', '--pretty', 'false']
  await explained(run(process.execPath, [tsc, ...strict, ...parameters], { cwd: consumer.folder }))
}

/**
 * These tools print their errors on standard output.
 * @param {Promise<unknown>} finished
 */
async function explained(finished) {
  await finished.catch(({ stdout }) => assert.fail(stdout))
}

/** The crates that cargo lists for this platform, without our own. */
async function cratesOfTheTree() {
  const parameters = ['tree', '--locked', '-e', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}']
  const { stdout } = await run('cargo', parameters, { cwd: root })
  const crates = stdout.split('\n').map((line) => line.split(' ').slice(0, 2).join(' ').replace(' v', ' '))
  return [...new Set(crates)].filter((crate) => crate && !crate.startsWith('azure-client-token')).sort()
}

/** @returns {{ platformArchABI: string }} the platform of this machine's build */
function thisPlatform() {
  const [platformArchABI] = Object.keys(tarballs.platforms)
  return { platformArchABI }
}

function platformTarball() {
  return tarballs.platforms[thisPlatform().platformArchABI]
}

function modules() {
  return path.join(consumer.folder, 'node_modules')
}

/** @param {string} name */
function installedManifest(name) {
  return JSON.parse(fs.readFileSync(path.join(modules(), name, 'package.json'), 'utf8'))
}

/** @param {{ bytes: number }[]} sizes */
function sum(sizes) {
  return sizes.reduce((total, { bytes }) => total + bytes, 0)
}
