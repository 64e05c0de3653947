// @ts-check
'use strict'

// Tools that read declarations must find no fault in this package's. Too large for every run: npm run test:declarations.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { stripVTControlCharacters } = require('node:util')
const { installPinned } = require('../support/pinned')
const { ended, root } = require('../support/run')

const entries = ['index', 'identity', 'pulumi', 'redis']
/** The declarations have no release tags: the version says how stable they are. */
const MISSING_RELEASE_TAG = 'ae-missing-release-tag'
/**
 * Members in a conditional type's condition, and members of type `never`, which only forbid a name. Neither belongs to the public
 * interface, but typedoc lists both.
 */
const NO_MEMBERS = /\.(CallSignal|Bytes|ManagedIdentityId)\.__type\./

/** @type {string} */
let tools
/** @type {string} */
let folder

describe('the declarations', () => {
  before(async () => {
    tools = path.join(await installPinned('declarations'), 'node_modules')
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azure-client-token-declarations-'))
    const compilerOptions = { strict: true, module: 'node16', moduleResolution: 'node16', target: 'es2022', lib: ['es2022', 'dom'], types: [], noEmit: true }
    write('package.json', { name: 'declarations', version: '1.0.0' })
    write('tsconfig.json', { compilerOptions, files: entries.map(declarationsOf) })
  })
  after(() => fs.rmSync(folder, { recursive: true }))

  for (const entry of entries) {
    test(`of the entry ${entry} are whole for api-extractor`, async () => {
      assert.deepEqual(await complaintsOfApiExtractor(entry), [])
    })
  }

  test('are documented for typedoc, with no broken link', async () => {
    assert.deepEqual(await complaintsOfTypedoc(), [])
  })
})

/** @param {string} entry */
async function complaintsOfApiExtractor(entry) {
  const none = { enabled: false }
  const config = write(`${entry}.json`, {
    projectFolder: root,
    mainEntryPointFilePath: declarationsOf(entry),
    compiler: { tsconfigFilePath: path.join(folder, 'tsconfig.json') },
    apiReport: none,
    docModel: none,
    dtsRollup: none,
    tsdocMetadata: none,
  })
  const printed = await linesOf('@microsoft/api-extractor/bin/api-extractor', ['run', '--local', '--config', config])
  assert.ok(printed.includes('API Extractor completed successfully'), printed.join('\n'))
  return printed.filter((line) => /^(Warning|Error)/.test(line) && !line.includes(MISSING_RELEASE_TAG))
}

async function complaintsOfTypedoc() {
  const validation = ['--validation.notDocumented', '--validation.notExported', '--validation.invalidLink', '--readme', 'none']
  const entryPoints = entries.flatMap((entry) => ['--entryPoints', declarationsOf(entry)])
  const printed = await linesOf('typedoc/bin/typedoc', ['--tsconfig', path.join(folder, 'tsconfig.json'), ...entryPoints, '--emit', 'none', ...validation])
  assert.match(printed.at(-1) ?? '', /^\[warning\] Found 0 errors/)
  return printed.slice(0, -1).filter((line) => !NO_MEMBERS.test(line))
}

/** @param {string} program @param {string[]} parameters */
async function linesOf(program, parameters) {
  const { stdout, stderr } = await ended(spawn(process.execPath, [path.join(tools, program), ...parameters], { cwd: root }))
  return stripVTControlCharacters(`${stdout}\n${stderr}`).split('\n').filter((line) => line !== '')
}

/** @param {string} entry */
function declarationsOf(entry) {
  return path.join(root, `${entry}.d.ts`)
}

/** @param {string} name @param {object} content */
function write(name, content) {
  const file = path.join(folder, name)
  fs.writeFileSync(file, JSON.stringify(content))
  return file
}
