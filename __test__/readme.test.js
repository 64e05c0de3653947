// @ts-check
'use strict'

// Tests of the documentation: its programs run, its commands exist, its links resolve, and it lists every error code.

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')
const { promisify } = require('node:util')
const { parse } = require('yaml')
const { startEmulator } = require('../emulator')
const { binding } = require('../js/binding')
const { bareEnvironment } = require('./support/environment')
const { localLinks } = require('./support/links')

const run = promisify(execFile)
const root = path.join(__dirname, '..')
const papers = ['.', 'docs'].flatMap((place) => fs.readdirSync(path.join(root, place)).map((file) => path.join(place, file))).filter((file) => file.endsWith('.md'))
/** Other tests run the programs in these. */
const nestedReadmes = ['bench', 'emulator', 'examples', 'examples/pulumi'].map((name) => `${name}/README.md`).filter(exists)
/** Inside the checkout, so that programs in it can import the package by its name. */
const folder = path.join(root, '.cache', 'documentation')

/** @typedef {{ paper: string, language: string, code: string, title: string }} Block */

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
before(async () => {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })
  emulator = await startEmulator()
})
after(() => emulator.close())

const blocks = [...papers.flatMap((paper) => fencedBlocks(paper, read(paper))), ...declaredExamples()]

describe('code blocks', () => {
  test('exist, in known languages only', () => {
    assert.deepEqual([...new Set(blocks.map(({ language }) => language))].sort(), ['csharp', 'diff', 'go', 'js', 'json', 'mermaid', 'python', 'sh', 'ts', 'yaml'])
  })

  for (const block of inLanguage('js')) {
    test(`${block.title} runs and gets a token`, async () => {
      emulator.resetCounters()
      await run(process.execPath, [write(block, 'mjs')], { env: bareEnvironment(environment()), timeout: 30_000 })
      assert.ok(emulator.counters.tokenRequests > 0, 'the program requested no token')
    })
  }

  for (const block of inLanguage('ts')) {
    test(`${block.title} compiles`, async () => {
      const strict = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'node16', '--types', 'node']
      await run(process.execPath, [require.resolve('typescript/bin/tsc'), ...strict, write(block, 'mts')], { cwd: root })
    })
  }

  for (const block of inLanguage('json')) {
    test(`${block.title} is JSON, and names this version`, () => {
      const { overrides, resolutions, credHelpers } = JSON.parse(block.code)
      assert.ok((overrides ?? resolutions)?.['@azure/identity'] ?? Object.values(credHelpers).includes('azure-client-token'))
      assertThisVersion(block)
    })
  }

  test("the kubeconfig of docs/command.md runs a command of this package, as kubectl's v1 demands", () => {
    const [block] = inLanguage('yaml').filter(({ code }) => code.includes('exec:'))
    const { apiVersion, command, args, interactiveMode } = parse(block.code).users[0].user.exec
    assert.ok(Object.hasOwn(require('../package.json').bin, command) && Object.hasOwn(require('../js/command/commands').commands, args[0]))
    assert.deepEqual([apiVersion, interactiveMode], ['client.authentication.k8s.io/v1', 'Never'])
  })

  const isOverride = (/** @type {Block} */ { code }) => code.startsWith('overrides:')
  for (const block of inLanguage('yaml').filter(isOverride)) {
    test(`${block.title} overrides @azure/identity, and names this version`, () => {
      assert.ok(parse(block.code).overrides['@azure/identity'])
      assertThisVersion(block)
    })
  }

  for (const block of inLanguage('yaml').filter((one) => !isOverride(one) && !one.code.includes('exec:'))) {
    test(`${block.title} sets what the example reads`, () => {
      const set = [...block.code.matchAll(/- name: ([A-Z_]+)/g)].map(([, name]) => name)
      const example = read('examples/shared-tokens.js')
      assert.ok(set.length > 0)
      for (const name of set) assert.ok(example.includes(name), name)
    })
  }

  for (const block of inLanguage('sh')) {
    test(`${block.title} has commands that exist`, () => block.code.split('\n').forEach(assertKnownCommand))
  }
})

/** @param {Block} block */
function assertThisVersion({ code }) {
  const { version } = JSON.parse(read('package.json'))
  for (const [, named] of code.matchAll(/azure-client-token-identity@([\d.]+)/g)) assert.equal(named, version)
}

/** The login of the emulator, for the entries that read ARM_* and for the one that reads only AZURE_*. */
function environment() {
  const { tenantId, clientId, clientSecret } = emulator
  return { ...emulator.environment(), AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret }
}

test('the two commands are the first ones in the README', () => {
  const [first] = fencedBlocks('README.md', read('README.md'))
  assert.match(first.code, /^npm run demo .*\nnpm install-test /)
})

test('links within the documentation have a target', () => {
  for (const paper of [...papers, ...nestedReadmes]) {
    for (const link of localLinks(read(paper))) assertLeadsSomewhere(paper, link)
  }
})

test('every error code is in the README and has a heading in TROUBLESHOOTING.md', () => {
  const declared = [...new Set(read('index.d.ts').match(/\bERR_[A-Z_]+/g))]
  assert.ok(declared.length > 0)
  for (const code of declared) {
    assert.match(read('README.md'), new RegExp(`TROUBLESHOOTING\\.md#${code.toLowerCase()}\\)`))
    assert.ok(anchors('TROUBLESHOOTING.md').includes(code.toLowerCase()), `no heading ${code}`)
  }
})

test('every kind of credential is in the README, with its example and its section of TROUBLESHOOTING.md', () => {
  const kinds = [...new Set([...read('index.d.ts').matchAll(/\bcredential: '(\w+)'/g)].map(([, kind]) => kind))]
  const rows = read('README.md').split('\n').filter((line) => line.startsWith('| [`') && line.includes('](examples/'))
  assert.deepEqual(rows.map((row) => /`(\w+)`/.exec(row)?.[1]).sort(), kinds.sort())
  const sections = rows.map((row) => /TROUBLESHOOTING\.md#([\w-]+)/.exec(row)?.[1])
  assert.equal(new Set(sections).size, kinds.length, 'two kinds share a section')
  const explained = [...read('docs/credentials.md').matchAll(/^\| \[`(\w+)`\]/gm)].map(([, kind]) => kind)
  assert.deepEqual(explained.sort(), kinds.sort())
})

test('the README is a front page', () => {
  assert.ok(read('README.md').split('\n').length <= 150)
})

test('docs/settings.md names every variable that is read, and no other', () => {
  const [, table] = read('docs/settings.md').split(/^## All settings$/m)
  const rows = table.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) => row.split('|')[1].match(/\w+/g) ?? [])
  const upperCase = binding().environmentNames().map((name) => name.toUpperCase())
  assert.deepEqual(named.sort(), [...new Set(upperCase)].sort())
})

test('every dev dependency has its reason in CONTRIBUTING.md, and no other has', () => {
  const declared = Object.keys(require('../package.json').devDependencies)
  const explained = [...read('CONTRIBUTING.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name)
  assert.deepEqual(explained.sort(), declared.sort())
})

/** @param {string} line */
function assertKnownCommand(line) {
  const [command, ...parameters] = line.replace(/ +#.*/, '').split(' ')
  const [first, second] = parameters
  const scripts = Object.keys(require('../package.json').scripts)
  /** @type {Record<string, () => boolean>} */
  const known = {
    npm: () => ['ci', 'install', 'install-test', 'test'].includes(first) || (first === 'run' && scripts.includes(second)),
    node: () => exists(parameters[parameters.length - 1]),
    bash: () => exists(first),
    'azure-client-token': () => first in require('../js/command/commands').commands,
    git: () => first === 'config' && `git-credential-${parameters.at(-1)}` in require('../package.json').bin,
    'redis-cli': () => first === 'ACL',
    kubectl: () => first === 'create' && second === 'secret',
    cargo: () => first === 'test' && second === '-p' && read('crates/core/Cargo.toml').includes(`"${parameters[2]}"`)
  }
  assert.ok(known[command]?.(), `not a command that exists: ${line}`)
}

/**
 * @param {string} paper
 * @param {string} link
 */
function assertLeadsSomewhere(paper, link) {
  const [place, anchor] = link.split('#')
  const file = place ? path.join(path.dirname(paper), place) : paper
  assert.ok(exists(file), `${paper} links to ${link}`)
  if (anchor) assert.ok(anchors(file).includes(anchor), `${paper} links to ${link}`)
}

/** The anchors that GitHub and npm give to a document's headings. @param {string} paper */
function anchors(paper) {
  const headings = [...read(paper).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading)
  return headings.map((heading) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'))
}

/** @param {string} language */
function inLanguage(language) {
  return blocks.filter((block) => block.language === language)
}

/**
 * @param {string} paper
 * @param {string} text
 * @returns {Block[]}
 */
function fencedBlocks(paper, text) {
  return [...text.matchAll(/^```(\w*)\n(.*?)\n```$/gms)].map(([, language, code], index) => {
    return { paper, language, code, title: `${paper}, block ${index + 1} (${language})` }
  })
}

/** The examples in the declarations' comments. */
function declaredExamples() {
  const comments = read('index.d.ts').replace(/^ \*(?: |$)/gm, '')
  return fencedBlocks('index.d.ts', comments)
}

/**
 * @param {Block} block
 * @param {string} extension
 */
function write({ title, code }, extension) {
  const file = path.join(folder, `${title.replace(/\W+/g, '-')}.${extension}`)
  fs.writeFileSync(file, code)
  return file
}

/** @param {string} file relative to the root */
function read(file) {
  return fs.readFileSync(path.join(root, file), 'utf8')
}

/** @param {string} file relative to the root */
function exists(file) {
  return fs.existsSync(path.join(root, file))
}
