// @ts-check
'use strict'

// The programs of docs/command.md in other languages, run where their toolchain is, and the README's lines of them.

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
const { root } = require('../support/run')

/** @type {Record<string, { file: string, tool: string, version: string, words: string[] }>} */
const languages = {
  python: { file: 'token.py', tool: 'python3', version: '--version', words: [] },
  go: { file: 'token.go', tool: 'go', version: 'version', words: ['run'] },
  // From .NET 10 on, a file needs no project.
  csharp: { file: 'token.cs', tool: 'dotnet', version: '--version', words: ['run'] },
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
  test('has each line that the README shows of them', () => {
    const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8')
    const lines = [...readme.matchAll(/^\| (Python|Go|C#) \| `(.+)` \|$/gm)].map(([, , line]) => line)
    assert.equal(lines.length, Object.keys(languages).length)
    for (const line of lines) assert.ok(text.includes(line), line)
  })

  for (const [language, { file, tool, version, words }] of Object.entries(languages)) {
    const skip = spawnSync(tool, [version]).status !== 0 && `there is no ${tool} here`
    test(`gets a token in ${language}`, { skip }, async () => {
      const code = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text)?.[1]
      fs.writeFileSync(path.join(folder, file), String(code))
      const env = bareEnvironment({ ...emulator.environment(), PATH: programs.searchPath, HOME: folder, GOFLAGS: '-modcacherw' })
      const { stdout } = await promisify(execFile)(tool, [...words, path.join(folder, file)], { env, cwd: folder, timeout: 120_000 })
      assert.match(stdout, /^Authorization: Bearer eyJ[\w.-]+\n$/)
    })
  }
})
