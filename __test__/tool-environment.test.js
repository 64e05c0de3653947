// @ts-check
'use strict'

// The environment of a program that the package starts: the snapshot that its credential was created with, and not the process's own
// environment, to which JavaScript may write at the same time. And its folder: a fixed one for tools with a login.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const path = require('node:path')
const { inspect } = require('node:util')
const { Worker } = require('node:worker_threads')
const { after, afterEach, beforeEach, describe, test } = require('node:test')
const { setTimeout } = require('node:timers/promises')
const { ClientTokenCredential, clearCache } = require('..')
const { withRest } = require('../js/environment')
const { logIn } = require('./support/login')
const { run } = require('./support/run')
const { createStandIns } = require('./support/stand-in')

const skip = process.platform === 'win32' && 'the stand-ins are POSIX shell scripts'
const SCOPE = 'api://x/.default'

test('on Windows a variable that the core reads has the name that the core uses', () => {
  const environment = { Path: 'C:\\az', SystemRoot: 'C:\\Windows' }
  assert.deepEqual(withRest({ PATH: 'C:\\az' }, environment, 'win32'), { PATH: 'C:\\az', SystemRoot: 'C:\\Windows' })
  assert.deepEqual(withRest({ PATH: '/az' }, environment, 'linux'), { PATH: '/az', ...environment })
})

describe('the folder of a program', { skip }, () => {
  const standIns = createStandIns()
  const before = process.cwd()
  const variables = ['AZURE_CONFIG_DIR', 'AZD_CONFIG_DIR', 'HOME']
  const tools = /** @type {const} */ ([['azureCli', 'az'], ['azureDeveloperCli', 'azd'], ['azurePowerShell', 'pwsh']])
  after(() => standIns.remove())
  beforeEach(() => {
    process.chdir(before)
    standIns.clear()
    logIn({ PATH: standIns.searchPath, HOME: standIns.folder })
  })
  afterEach(() => process.chdir(before))

  /**
   * A program whose token is this text, to the shell.
   * @param {string} program
   * @param {string} text
   */
  function install(program, text) {
    const print = 'printf \'{"accessToken":"%s","token":"%s","expires_on":9999999999,"expiresOn":9999999999}\' "$text" "$text"'
    const record = `echo run >> "${path.join(standIns.folder, program)}.runs"`
    fs.writeFileSync(path.join(standIns.folder, program), `#!/bin/sh\n${record}\ntext=${text}\n${print}\n`, { mode: 0o755 })
  }

  /** @param {string} name @returns {string} its path */
  function enter(name) {
    const folder = path.join(fs.realpathSync(standIns.folder), name)
    fs.mkdirSync(folder, { recursive: true })
    process.chdir(folder)
    return folder
  }

  /** @param {import('..').ClientTokenOptions} options */
  const token = async (options) => (await new ClientTokenCredential(options).getToken(SCOPE)).token

  test('is always the same one for az, azd and PowerShell, so that a project of azd around the process decides nothing', async () => {
    for (const [, program] of tools) install(program, '$(pwd)')
    for (const project of ['one', 'two']) {
      enter(project)
      for (const [credential] of tools) assert.equal(await token({ credential }), '/', credential)
    }
    for (const [, program] of tools) assert.equal(standIns.runs(program).length, 1, 'the cached token is the right one')
  })

  test('is that of the process for a command', async () => {
    install('show', '$(pwd)')
    const folder = enter('one')
    assert.equal(await token({ credential: 'command', program: 'show' }), folder)
  })

  test('is not where a relative folder with a login begins: that is the working folder when the credential was created', async () => {
    install('az', '$AZURE_CONFIG_DIR')
    install('azd', '$AZD_CONFIG_DIR:$AZURE_CONFIG_DIR:$HOME')
    for (const name of variables) process.env[name] = `${name}-x`
    const [one, two] = ['one', 'two'].map((name) => {
      const folder = enter(name)
      const [az, azd] = /** @type {const} */ (['azureCli', 'azureDeveloperCli']).map((credential) => new ClientTokenCredential({ credential }))
      return { az, azd, of: (/** @type {string} */ variable) => path.join(folder, `${variable}-x`) }
    })
    for (const { az, azd, of } of [one, two, one]) {
      assert.equal((await az.getToken(SCOPE)).token, of('AZURE_CONFIG_DIR'))
      assert.equal((await azd.getToken(SCOPE)).token, ['AZD_CONFIG_DIR', 'AZURE_CONFIG_DIR', 'HOME'].map(of).join(':'))
    }
  })

  test('does not move the login that ends a cached token, if its folder is relative', async () => {
    install('azd', '$(cat "$AZD_CONFIG_DIR/auth.json")')
    process.env.AZD_CONFIG_DIR = 'login'
    const login = path.join(enter('one'), 'login', 'auth.json')
    fs.mkdirSync(path.dirname(login))
    fs.writeFileSync(login, 'first')
    const azd = new ClientTokenCredential({ credential: 'azureDeveloperCli' })
    assert.equal((await azd.getToken(SCOPE)).token, 'first')
    enter('two')
    fs.writeFileSync(login, 'second')
    await setTimeout(1100)
    assert.equal((await azd.getToken(SCOPE)).token, 'second')
  })
})

describe('the environment of a program', { skip }, () => {
  const standIns = createStandIns()
  const MARK = 'TOOL_ENVIRONMENT_MARK'
  after(() => {
    delete process.env[MARK]
    standIns.remove()
  })
  beforeEach(() => {
    standIns.clear()
    delete process.env[MARK]
    logIn({ PATH: standIns.searchPath, HOME: standIns.folder })
  })

  /** Prints the value of the variable as its token. @param {string} program */
  function install(program) {
    fs.writeFileSync(path.join(standIns.folder, program), `#!/bin/sh\necho "token-$${MARK}"\n`, { mode: 0o755 })
  }

  /** @param {Partial<import('..').CommandOptions>} [options] */
  const command = (options) => new ClientTokenCredential({ credential: 'command', program: 'show-mark', ...options })

  test('is that of the moment when its credential was created, and so is its cached token', async () => {
    install('show-mark')
    process.env[MARK] = 'a'
    const first = command()
    process.env[MARK] = 'b'
    const second = command()
    assert.equal((await first.getToken(SCOPE)).token, 'token-a')
    assert.equal((await second.getToken(SCOPE)).token, 'token-b')
    assert.equal((await first.getToken(SCOPE)).token, 'token-a')
  })

  test('is that of the worker that created the credential', async () => {
    install('show-mark')
    process.env[MARK] = 'the-main-threads'
    const script = `
      const { parentPort } = require('node:worker_threads')
      const { ClientTokenCredential } = require(${JSON.stringify(path.join(__dirname, '..'))})
      new ClientTokenCredential({ credential: 'command', program: 'show-mark' }).getToken(${JSON.stringify(SCOPE)})
        .then(({ token }) => parentPort.postMessage(token), (error) => parentPort.postMessage(error.message))`
    const worker = new Worker(script, { eval: true, env: { PATH: standIns.searchPath, [MARK]: 'the-workers' } })
    const token = await new Promise((resolve) => worker.once('message', resolve))
    await worker.terminate()
    assert.equal(token, 'token-the-workers')
  })

  test('has the program in the working folder of the moment when its credential was created', async () => {
    const folders = ['one', 'two'].map((name) => path.join(standIns.folder, name))
    const before = process.cwd()
    try {
      const credentials = folders.map((folder) => {
        fs.mkdirSync(folder)
        fs.writeFileSync(path.join(folder, 'show'), `#!/bin/sh\necho token-${path.basename(folder)}\n`, { mode: 0o755 })
        process.chdir(folder)
        return command({ program: './show' })
      })
      const tokens = await Promise.all(credentials.map((credential) => credential.getToken(SCOPE)))
      assert.deepEqual(tokens.map(({ token }) => token), ['token-one', 'token-two'])
    } finally {
      process.chdir(before)
    }
  })

  test('is replaced by the option, of a single command and of a chain\'s member', async () => {
    install('show-mark')
    process.env[MARK] = 'the-programs'
    const environment = { PATH: standIns.searchPath, [MARK]: 'the-options', UNSET: undefined }
    assert.equal((await command({ environment }).getToken(SCOPE)).token, 'token-the-options')
    assert.equal((await command({ environment: { PATH: standIns.searchPath } }).getToken(SCOPE)).token, 'token-')
    const { credential, program } = /** @type {const} */ ({ credential: 'command', program: 'show-mark' })
    const chain = new ClientTokenCredential({ credential: 'chain', chain: [{ credential, program, environment }] })
    assert.equal((await chain.getToken(SCOPE)).token, 'token-the-options')
  })

  test('is no option of another credential, and refuses names and values that a variable cannot have', () => {
    const wrong = (/** @type {any} */ options) => () => new ClientTokenCredential(options)
    assert.throws(wrong({ credential: 'azureCli', environment: { A: 'x' } }), TypeError)
    assert.throws(wrong({ credential: 'command', program: 'p', environment: { 'A=B': 'x' } }), TypeError)
    assert.throws(wrong({ credential: 'command', program: 'p', environment: { A: 1 } }), TypeError)
    assert.throws(wrong({ credential: 'command', program: 'p', environment: { A: 'x\0y' } }), /^TypeError: options\.environment\.A has a NUL character, which no variable can have$/)
  })

  test('of az has no secret of an application, and everything else', async () => {
    const line = 'echo "{\\"accessToken\\":\\"$ARM_CLIENT_SECRET,$AZURE_CLIENT_SECRET,$ARM_OIDC_TOKEN,$IDENTITY_HEADER,$TOOL_ENVIRONMENT_MARK\\",\\"expires_on\\":9999999999}"'
    fs.writeFileSync(path.join(standIns.folder, 'az'), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
    logIn({ ARM_CLIENT_SECRET: 's', AZURE_CLIENT_SECRET: 's', ARM_OIDC_TOKEN: 's', IDENTITY_HEADER: 'header', [MARK]: 'mark' })
    const { token } = await new ClientTokenCredential({ credential: 'azureCli' }).getToken(SCOPE)
    assert.equal(token, ',,,header,mark')
  })

  test('of az asks for messages in English, in the character set of the user', async () => {
    const line = 'echo "{\\"accessToken\\":\\"$LC_ALL,$LC_CTYPE,$LC_MESSAGES,$LANG\\",\\"expires_on\\":9999999999}"'
    fs.writeFileSync(path.join(standIns.folder, 'az'), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
    logIn({ LC_ALL: 'de_DE.UTF-8', LC_CTYPE: 'ja_JP', LANG: 'fr_FR' })
    const { token } = await new ClientTokenCredential({ credential: 'azureCli' }).getToken(SCOPE)
    assert.equal(token, ',,C,de_DE.UTF-8')
  })

  test('is never read from the process, which continues while JavaScript writes its own', async () => {
    const script = `
      const { ClientTokenCredential } = require('.')
      const ask = async (n) => {
        const own = new ClientTokenCredential({ credential: 'command', program: '/bin/echo', arguments: ['token-' + n] })
        for (let i = 0; i < 30; i += 1) await own.getToken('api://' + n + '-' + i + '/.default')
      }
      let written = 0
      const write = () => {
        for (let i = 0; i < 100; i += 1) process.env['V' + (written++ % 2000)] = 'y'.repeat(50)
        if (written % 2000 === 0) for (let i = 0; i < 2000; i += 1) delete process.env['V' + i]
        timer = setImmediate(write)
      }
      let timer = setImmediate(write)
      Promise.all([0, 1, 2, 3].map(ask)).then(() => console.log('all came'), console.error).finally(() => clearImmediate(timer))`
    const { code, signal, stdout, stderr } = await run(script)
    assert.deepEqual([code, signal, stdout], [0, null, 'all came\n'], stderr)
  })

  test('is part of what distinguishes one command\'s token from another\'s', async () => {
    install('show-mark')
    process.env[MARK] = 'one'
    await command().getToken(SCOPE)
    process.env[MARK] = 'two'
    assert.equal((await command().getToken(SCOPE)).token, 'token-two')
    process.env[MARK] = 'one'
    install('other')
    fs.rmSync(path.join(standIns.folder, 'show-mark'))
    assert.equal((await command().getToken(SCOPE)).token, 'token-one', 'the program runs once')
    clearCache()
  })

  /**
   * The output of a failing program with this environment, as errors, explanations and the log show it.
   * @param {Record<string, string>} environment
   * @param {string} says
   */
  async function told(environment, says) {
    standIns.install('az', { stderr: `ERROR: it says <${says}>\n`, exit: 1 })
    logIn({ ARM_USE_CLI: 'true' })
    Object.assign(process.env, environment)
    /** @type {string[]} */
    const lines = []
    const own = new ClientTokenCredential({ credential: 'azureCli', onLog: ({ message }) => lines.push(message) })
    const error = await own.getToken(SCOPE).then(() => assert.fail('a token came'), (/** @type {Error} */ reason) => reason)
    const all = [inspect(error, { depth: 9, showHidden: true }), inspect(await own.explain(), { depth: 9 }), ...lines].join('\n')
    for (const name of Object.keys(environment)) delete process.env[name]
    return { message: error.message, all }
  }

  test('is not shown where az repeats the secret part of a variable alone, in whatever notation', async () => {
    const basic = Buffer.from('app:Horse battery 9').toString('base64')
    const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'
    for (const [value, secret] of [
      ['Server=db;Password="Horse;battery 9";Encrypt=yes', 'Horse;battery 9'],
      ['Driver={ODBC};Pwd={Horse}}battery};', 'Horse}battery'],
      ['Server=db;Password=Horse#b&a,t9;Encrypt=yes', 'Horse#b&a,t9'],
      ['{"password":1234567890123,}', '1234567890123'],
      ['amqp://u:first@h1,amqp://u:Battery@h2', 'Battery'],
      ['postgres://u:p%40w%3A9@h/db', 'p@w:9'],
      [`Authorization: Basic ${basic}`, 'Horse battery 9'],
      ['az login --service-principal -u app -p Battery', 'Battery'],
      ['<add key="DbPassword" value="Battery"/>', 'Battery'],
      [`-----BEGIN PRIVATE KEY-----\\n${key}\\n-----END PRIVATE KEY-----`, key]
    ]) {
      const { message, all } = await told({ APP_SETTINGS: value }, secret)
      assert.ok(message.includes('it says <***'), value)
      assert.ok(!all.includes(secret), value)
    }
  })

  test('leaves hosts, ids and ordinary words where az says them', async () => {
    const says = 'db.example in contoso.onmicrosoft.com: Encrypt true, Bearer of production'
    const value = 'Server=tcp:db.example,1433;Tenant=contoso.onmicrosoft.com;Stage=production;Encrypt=true;Password=Battery'
    const { message } = await told({ APP_CONNECTION_STRING: value }, says)
    assert.ok(message.includes(says), message)
  })
})
