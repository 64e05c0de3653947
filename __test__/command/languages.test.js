// @ts-check
'use strict'

// Compiles and runs the programs of docs/command.md in other languages if their toolchain is installed, and the README's lines in these
// languages.

const assert = require('node:assert/strict')
const { execFile, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../../emulator')
const { bareEnvironment } = require('../support/environment')
const { installedPrograms } = require('../support/command')
const { monoMissing, runCsharp } = require('../support/mono')
const { root } = require('../support/run')

/** @param {string} tool @param {string} version the argument that prints it */
const missing = (tool, version) => spawnSync(tool, [version]).status !== 0 && `${tool} is not installed`

/** @param {string[]} words @returns {(file: string, env: NodeJS.ProcessEnv) => Promise<string>} */
const by = ([tool, ...words]) => async (file, env) => (await promisify(execFile)(tool, [...words, file], { env, timeout: 120_000 })).stdout

/**
 * The output of each.
 * @type {Record<string, { file: string, skip: string | false, run: (file: string, env: NodeJS.ProcessEnv) => Promise<string> }>}
 */
const languages = {
  python: { file: 'token.py', skip: missing('python3', '--version'), run: by(['python3']) },
  go: { file: 'token.go', skip: missing('go', 'version'), run: by(['go', 'run']) },
  csharp: { file: 'token.cs', skip: monoMissing(), run: runCsharp },
}

describe('docs/command.md', () => {
  const programs = installedPrograms()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'languages-'))
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  before(async () => (emulator = await startEmulator()))
  after(async () => {
    await emulator.close()
    programs.remove()
    fs.rmSync(folder, { recursive: true })
  })

  const text = fs.readFileSync(path.join(root, 'docs', 'command.md'), 'utf8')
  test('has each line that the README shows of it', () => {
    const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8')
    const lines = [...readme.matchAll(/^\| (Python|Go|C#) \| `(.+)` \|$/gm)].map(([, , line]) => line)
    assert.equal(lines.length, Object.keys(languages).length)
    for (const line of lines) assert.ok(text.includes(line), line)
  })

  for (const [language, { file, skip, run }] of Object.entries(languages)) {
    test(`gets a token in ${language}`, { skip }, async () => {
      const code = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1]
      fs.writeFileSync(path.join(folder, file), String(code))
      const environment = bareEnvironment({ ...emulator.environment(), PATH: programs.searchPath, HOME: folder, GOFLAGS: '-modcacherw' })
      assert.match(await run(path.join(folder, file), environment), /^Authorization: Bearer eyJ[\w.-]+\n$/)
    })
  }
})
