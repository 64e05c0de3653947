// @ts-check
'use strict'

// Completion in real shells: the test types the beginning of words in a pseudo-terminal, completes them with the Tab key, and runs the
// command.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { bareEnvironment } = require('../support/environment')
const { runCommand } = require('../support/command')
const { shellMissing, starts } = require('../support/shells')
const { startInTerminal, terminalMissing } = require('../support/terminal')

/** The typed text, and the command that runs. */
const rows = [
  ['expl\t', 'explain'],
  ['token grap\t', 'token graph'],
  ['explain vau\t', 'explain vault'],
  ['token --out\t', 'token --output'],
  ['token --output stat\t', 'token --output status'],
  ['token --output env --format win\t', 'token --output env --format windows-cmd'],
  ['token graph --cloud usg\t', 'token graph --cloud usgovernment'],
  ['explain --credential managed\t', 'explain --credential managedIdentity'],
  ['kubeconfig conv\t', 'kubeconfig convert'],
  ['completion power\t', 'completion powershell'],
]

for (const shell of Object.keys(starts)) {
  describe(shell, { skip: shellMissing(shell) || terminalMissing() }, () => {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'completion-'))
    /** @type {ReturnType<typeof startInTerminal>} */
    let terminal

    before(async () => {
      const script = path.join(home, 'completion')
      fs.writeFileSync(script, (await runCommand(['completion', shell])).stdout)
      const stub = path.join(home, 'azure-client-token')
      fs.writeFileSync(stub, '#!/bin/sh\necho "ran<$*>"\n', { mode: 0o755 })
      const { words, environment } = starts[shell](home, script)
      terminal = startInTerminal(words, { environment: { ...environment, HOME: home, PATH: `${home}:${process.env.PATH}`, LANG: 'C.UTF-8' } })
      await terminal.until(/> /)
    }, { timeout: 120_000 })
    after(async () => {
      terminal.type('exit\n')
      await terminal.end()
      fs.rmSync(home, { recursive: true })
    })

    for (const [typed, ran] of rows) {
      test(`makes "${ran}" of "${typed.trim()}"`, async () => {
        const from = terminal.shown().length
        terminal.type(`azure-client-token ${typed}`)
        await terminal.until(new RegExp(String(ran.split(' ').at(-1))), from)
        terminal.type('\n')
        await terminal.until(/ran<.*>/, from)
        assert.equal(/ran<(.*)>/.exec(terminal.shown().slice(from))?.[1].trim(), ran)
      })
    }
  })
}

test('PowerShell completes an alias', { skip: shellMissing('pwsh') }, async () => {
  const { stdout: script } = await runCommand(['completion', 'powershell'])
  const asked = `${script}\n(TabExpansion2 'azure-client-token token gr' 27).CompletionMatches.CompletionText`
  const { stdout, stderr } = spawnSync('pwsh', ['-NoProfile', '-Command', asked], { encoding: 'utf8', env: bareEnvironment() })
  assert.deepEqual([stdout.trim(), stderr], ['graph', ''])
})
