// @ts-check
'use strict'

// Completion in the shells that are here; the others say that they are absent.

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { test } = require('node:test')
const { bareEnvironment } = require('../support/environment')
const { runCommand } = require('../support/command')

/** How a shell is asked what could follow `azure-client-token token gr`. @type {Record<string, (script: string) => string[]>} */
const shells = {
  bash: (script) => ['--norc', '-c', `${script}\nCOMP_WORDS=(azure-client-token token gr); COMP_CWORD=2; _azure_client_token azure-client-token gr token; echo "\${COMPREPLY[@]}"`],
  fish: (script) => ['--no-config', '-c', `${script}\ncomplete -C 'azure-client-token token gr'`],
  zsh: (script) => ['-f', '-c', `compdef() { :; }; compadd() { shift; print -l -- "$@" | grep ^gr; }\n${script}\nwords=(azure-client-token token gr); CURRENT=3; _azure_client_token`],
  pwsh: (script) => ['-NoProfile', '-Command', `${script}\n(TabExpansion2 'azure-client-token token gr' 27).CompletionMatches.CompletionText`],
}

for (const [shell, words] of Object.entries(shells)) {
  const skip = spawnSync(shell, ['--version']).status !== 0 && `there is no ${shell} here`
  test(`${shell} completes an alias`, { skip }, async () => {
    const { stdout: script } = await runCommand(['completion', shell === 'pwsh' ? 'powershell' : shell])
    const { stdout, stderr } = spawnSync(shell, words(script), { encoding: 'utf8', env: bareEnvironment() })
    assert.deepEqual([stdout.trim(), stderr], ['graph', ''])
  })
}
