// @ts-check
'use strict'

// The command's output on a terminal, and only there: colours, lines that fit, and a line that reports a long wait.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../../emulator')
const { bareEnvironment } = require('../support/environment')
const { fileOf, runCommand } = require('../support/command')
const { startInTerminal, terminalMissing } = require('../support/terminal')

const COLOUR = /\x1b\[\d+m/
const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/

/** What a terminal shows after the line has been overwritten. @param {string} text */
function lastLine(text) {
  return text.split('\n').at(-1)?.split(/\r(?:\x1b\[K)?/).at(-1)
}

describe('on a terminal', { skip: terminalMissing() }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'terminal-'))
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */
  let emulator
  before(async () => {
    emulator = await startEmulator()
    const token = JSON.stringify({ accessToken: 'eyJh.eyJi.c2ln', expires_on: Math.floor(Date.now() / 1000) + 3600, tokenType: 'Bearer' })
    fs.writeFileSync(path.join(folder, 'az'), `#!/bin/sh\nsleep 2.4\necho '${token}'\n`, { mode: 0o755 })
  })
  after(async () => {
    await emulator.close()
    fs.rmSync(folder, { recursive: true })
  })

  /** @param {string[]} words @param {{ columns?: number, environment?: Record<string, string> }} [options] */
  const shown = async (words, { columns, environment } = {}) => {
    const own = { HOME: '/nonexistent', TERM: 'xterm', ...emulator.environment(), ...environment }
    return startInTerminal([process.execPath, fileOf('azure-client-token'), ...words], { columns, environment: bareEnvironment(own) }).end()
  }
  const slow = () => ({ PATH: `${folder}:${process.env.PATH}` })

  for (const columns of [30, 60, 200]) {
    test(`explain fits ${columns} columns, except for longer words`, async () => {
      const outcome = await shown(['explain', 'graph'], { columns })
      assert.equal(outcome.code, 0, outcome.shown)
      assert.match(outcome.shown, COLOUR)
      const lines = outcome.shown.replaceAll(/\x1b\[\d+m/g, '').split('\r\n')
      const wide = lines.filter((line) => line.length > columns && /\S\s+\S/.test(line.replace(/^[│├└─✓✗· ]+/, '')))
      assert.deepEqual(wide, [])
      assert.equal(lines.some((line) => line.includes('default chain: available, but an earlier one is chosen')), columns > 30)
    })
  }

  for (const [name, value] of [['NO_COLOR', '1'], ['TERM', 'dumb']]) {
    test(`explain has no colour with ${name}=${value}`, async () => {
      const { code, shown: text } = await shown(['explain', 'graph'], { environment: { [name]: value } })
      assert.equal(code, 0)
      assert.doesNotMatch(text, /\x1b/)
      assert.match(text, /✓ clientSecret: chosen/)
    })
  }

  test('explain shows a reason once, and the next command', async () => {
    const { code, shown: text } = await shown(['explain', '--credential', 'azureCli', '--credential', 'azurePowerShell'], { environment: { PATH: '/nonexistent', NO_COLOR: '1' } })
    assert.equal(code, 3)
    assert.equal(text.split('there is no az on').length, 2)
    assert.match(text, /In this order\r\n├─ · azureCli\r\n└─ · azurePowerShell\r\n/)
    assert.match(text, /for the reasons above\.\r\n\r\nNext, run one of\r\n {2}az login\r\n {2}Connect-AzAccount\r\n$/)
  })

  test('a line says that it waits for the Azure CLI, and disappears when the answer comes', async () => {
    const { code, shown: text } = await shown(['token', '--credential', 'azureCli'], { environment: slow() })
    assert.equal(code, 0)
    assert.match(text, /waiting for the Azure CLI, 1 s …\r\x1b\[Kwaiting for the Azure CLI, 2 s …\r\x1b\[KeyJh\.eyJi\.c2ln\r\n$/)
    assert.equal(lastLine(text.trimEnd()), 'eyJh.eyJi.c2ln')
  })

  test('the line names the tool even for the login of the machine', async () => {
    const environment = bareEnvironment({ HOME: '/nonexistent', TERM: 'xterm', AZURE_CLIENT_TOKEN_CACHE: 'off', AZURE_TOKEN_CREDENTIALS: 'AzureCliCredential', ...slow() })
    const { code, shown: text } = await startInTerminal([process.execPath, fileOf('azure-client-token'), 'token'], { environment }).end()
    assert.deepEqual([code, text.includes('waiting for the Azure CLI, 2 s …')], [0, true], text)
  })

  test('a dumb terminal gets the same line, which ends there', async () => {
    const { shown: text } = await shown(['token', '--credential', 'azureCli'], { environment: { ...slow(), TERM: 'dumb' } })
    assert.doesNotMatch(text, /\x1b/)
    assert.match(text, /waiting for the Azure CLI, 2 s …\r\neyJh\.eyJi\.c2ln\r\n$/)
  })

  test('the line disappears before a signal ends the program', async () => {
    const words = [process.execPath, fileOf('azure-client-token'), 'token', '--credential', 'azureCli']
    const terminal = startInTerminal(words, { environment: bareEnvironment({ HOME: '/nonexistent', TERM: 'xterm', ...slow() }) })
    await terminal.until(/1 s …/)
    terminal.type('\x03')
    const { code, shown: text } = await terminal.end()
    assert.equal(code, 130)
    assert.equal(lastLine(text), '')
  })

  test('the line disappears before exec starts the program', async () => {
    const words = ['exec', '--credential', 'azureCli', '--set', 'A=arm', '--', 'sh', '-c', 'sleep 1.2; echo $A']
    const { code, shown: text } = await shown(words, { environment: slow() })
    assert.deepEqual([code, text.replace(/^(?:\r\x1b\[Kwaiting for the Azure CLI, \d s …)+/, '')], [0, '\r\x1b[KeyJh.eyJi.c2ln\r\n'])
  })

  test('a quick answer shows no such line', async () => {
    const { shown: text } = await shown(['token', 'graph'])
    assert.match(text, new RegExp(`^${JWT.source}\r\n$`))
  })
})

test('there is no line where stderr is no terminal', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'terminal-'))
  fs.writeFileSync(path.join(folder, 'az'), '#!/bin/sh\nsleep 1.4\necho no >&2\nexit 1\n', { mode: 0o755 })
  const { stdout, stderr } = await runCommand(['token', '--credential', 'azureCli'], { environment: { PATH: `${folder}:${process.env.PATH}` } })
  fs.rmSync(folder, { recursive: true })
  assert.equal(stdout, '')
  assert.doesNotMatch(stderr, /waiting|\x1b/)
})
