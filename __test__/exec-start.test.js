// @ts-check
'use strict'

// The messages and exit codes of `exec` if the system does not start the program. The codes are those of `env` and `timeout`
// of coreutils.

const assert = require('node:assert/strict')
const { execFileSync, spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { runCommand } = require('./support/command')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exec-start-'))
before(async () => (emulator = await startEmulator()))
after(async () => {
  await emulator.close()
  fs.rmSync(folder, { recursive: true })
})

/**
 * @param {string[]} words the program and its arguments
 * @param {number} exitCode
 * @param {RegExp} said after the name of the command
 * @param {Record<string, string>} [environment]
 */
async function endsWith(words, exitCode, said, environment) {
  const { stdout, stderr, code } = await runCommand(['exec', '--set', 'A=graph', '--', ...words], { environment: { ...emulator.environment(), ...environment } })
  assert.deepEqual([stdout, code], ['', exitCode], stderr)
  assert.match(stderr, new RegExp(`^azure-client-token: ${said.source}\\n$`))
}

const NOT_FOUND = /The program is not found\. Check its name and PATH/
/** @param {string} code */
const notExecuted = (code) => new RegExp(`The program cannot be executed \\(${code}\\)\\. Check its file and its permissions`)
/** @param {string} code */
const noMemory = (code) => new RegExp(`The program cannot be started \\(${code}\\)\\. Check the length of its arguments, and the machine's limits`)

describe('a program that cannot be started', () => {
  /** @type {[string, string[], number, RegExp][]} the problem, the program and its arguments, the exit code, and the message */
  const rows = [
    ['a file in the place of a folder', ['/etc/passwd/program'], 127, NOT_FOUND], ['an empty name', [''], 127, NOT_FOUND],
    ['a link to itself', [path.join(folder, 'loop')], 126, notExecuted('ELOOP')], ['a folder', [folder], 126, notExecuted('EACCES')],
    ['a name that is too long', [`/${'a'.repeat(300)}`], 126, notExecuted('ENAMETOOLONG')],
  ]
  before(() => fs.symlinkSync('loop', path.join(folder, 'loop')))
  for (const [what, words, exitCode, said] of rows) {
    test(`ends exec with ${exitCode}: ${what}`, () => endsWith(words, exitCode, said))
  }

  test('ends exec with 126: its file is open for writing', { skip: process.platform !== 'linux' && 'other systems start the program' }, async () => {
    const program = path.join(folder, 'program')
    fs.copyFileSync(process.execPath, program)
    const file = fs.openSync(program, 'r+')
    await endsWith([program], 126, /The program cannot be executed \(ETXTBSY\): its file is open for writing\. Start it when the file is complete/)
    fs.closeSync(file)
  })
})

/** The test preloads a library that replaces functions of the C library. @returns {string | false} */
function missingShim() {
  if (process.platform !== 'linux') return 'LD_PRELOAD is Linux'
  return spawnSync('cc', ['--version']).status !== 0 && 'cc is not installed'
}

describe('a program that the system does not start', { skip: missingShim() }, () => {
  const library = path.join(folder, 'short-of.so')
  before(() => void execFileSync('cc', ['-shared', '-fPIC', '-o', library, path.join(__dirname, 'support', 'short-of.c'), '-ldl']))

  const noProcess = /The program cannot be started \(EAGAIN\)\. Check the machine's limits/
  /** @type {[string, 'EAGAIN' | 'ENOMEM' | 'EPERM' | 'E2BIG', number, RegExp][]} the call, its error, the exit code, and the message */
  const rows = [
    ['fork', 'EAGAIN', 125, noProcess], ['fork', 'ENOMEM', 126, noMemory('ENOMEM')],
    ['execvp', 'ENOMEM', 126, noMemory('ENOMEM')], ['execvp', 'EPERM', 126, notExecuted('EPERM')], ['execvp', 'E2BIG', 126, noMemory('E2BIG')],
  ]
  for (const [call, error, exitCode, said] of rows) {
    test(`ends exec with ${exitCode}: ${call} fails with ${error}`, async () => {
      const plan = path.join(folder, `${call}-${error}`)
      fs.writeFileSync(plan, `${call} ${os.constants.errno[error]}`)
      await endsWith(['true'], exitCode, said, { LD_PRELOAD: library, SHORT_OF: plan })
    })
  }
})
