// @ts-check
'use strict'

// The package azure-client-token-emulator as its users get it: packed, copied into a node_modules folder, and loaded by its name.

const assert = require('node:assert/strict')
const { execFile, execFileSync, spawn } = require('node:child_process')
const { once } = require('node:events')
const fs = require('node:fs')
const path = require('node:path')
const { before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { packEmulator } = require('../scripts/pack-emulator')
const manifest = require('../emulator/package.json')
const root = require('../package.json')

const run = promisify(execFile)
/** Inside the checkout, whose node_modules contains the package's dependencies. */
const folder = path.join(__dirname, '..', '.cache', 'emulator-package')
const installed = path.join(folder, 'node_modules', 'azure-client-token-emulator')

before(() => {
  fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(installed, { recursive: true })
  const tarball = packEmulator({ out: folder })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
})

/** @param {string} name @param {string} code */
function write(name, code) {
  const file = path.join(folder, name)
  fs.writeFileSync(file, code)
  return file
}

/** The answer to a login as the default application that uses only the printed instructions. @param {Record<string, string>} login */
async function logInAsInstructed(login) {
  const program = write('ask.mjs', `
    const { AZURE_AUTHORITY_HOST, AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = process.env
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default', client_id: AZURE_CLIENT_ID, client_secret: AZURE_CLIENT_SECRET })
    const answer = await fetch(\`\${AZURE_AUTHORITY_HOST}\${AZURE_TENANT_ID}/oauth2/v2.0/token\`, { method: 'POST', body })
    console.log(answer.status, (await answer.json()).token_type)`)
  const { stdout } = await run(process.execPath, [program], { env: { PATH: process.env.PATH, ...login } })
  return stdout.trim()
}

describe('the package azure-client-token-emulator', () => {
  test('has the version of the main package, and depends on what its tests use', () => {
    const { version, bin } = JSON.parse(fs.readFileSync(path.join(installed, 'package.json'), 'utf8'))
    assert.equal(version, root.version)
    assert.ok(fs.existsSync(path.join(installed, bin['azure-client-token-emulator'])))
    for (const [name, wanted] of Object.entries(manifest.dependencies)) {
      assert.equal(wanted, /** @type {Record<string, string>} */ (root.devDependencies)[name], name)
    }
  })

  test('depends on every package that its files load', () => {
    const files = fs.readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
    const texts = files.map((file) => fs.readFileSync(path.join(installed, file), 'utf8'))
    const loaded = texts.flatMap((text) => [...text.matchAll(/\b(?:require|import)\('([^.'][^']*)'\)/g)].map(([, name]) => name))
    const packages = new Set(loaded.filter((name) => !name.startsWith('node:')))
    assert.deepEqual([...packages].sort(), Object.keys(manifest.dependencies).sort())
  })

  test('passes publint', async () => {
    const { publint } = await import('publint')
    const { messages } = await publint({ pkgDir: installed, strict: true })
    assert.deepEqual(messages, [])
  })

  test("runs its README's example", async () => {
    const [, example] = /```js\n(.+?)```/s.exec(fs.readFileSync(path.join(installed, 'README.md'), 'utf8')) ?? []
    const { stdout } = await run(process.execPath, [write('example.cjs', example)])
    assert.match(stdout, /AZURE_AUTHORITY_HOST: 'https:\/\/localhost:\d+\/'/)
    assert.match(stdout, /AZURE_CLIENT_SECRET: /)
  })

  test('compiles in a TypeScript program', async () => {
    const program = write('program.mts', `
      import { startEmulator, type Emulator } from 'azure-client-token-emulator'
      import { spawnEmulator } from 'azure-client-token-emulator/spawn'
      import { createClientCertificate } from 'azure-client-token-emulator/certificates'
      const emulator: Emulator = await startEmulator({ tokenLifetime: 60, applications: [{ clientSecret: 's' }] })
      emulator.faults.add({ status: 503, times: 1 })
      const requests: number = emulator.counters.requests + emulator.requests.length
      const pair = await createClientCertificate()
      const pem: string = pair.certificate
      // @ts-expect-error a port is a number
      await spawnEmulator({ port: '1' })
      console.log(requests, pem)`)
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'node16', '--types', 'node']
    await run(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, program], { cwd: folder }).catch((error) => assert.fail(error.stdout))
  })

  test('as a program prints the variables for a login, and they are enough', async () => {
    const child = spawn(process.execPath, [path.join(installed, manifest.bin['azure-client-token-emulator'])], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.setEncoding('utf8')
    while (!text.includes('Ctrl+C')) text += (await once(child.stdout, 'data'))[0]
    const login = Object.fromEntries([...text.matchAll(/^ {2}export (\w+)='(.*?)'/gm)].map(([, name, value]) => [name, value]))
    assert.equal(await logInAsInstructed(login), '200 Bearer')
    child.kill('SIGINT')
    assert.deepEqual(await once(child, 'exit'), [0, null])
    assert.equal(fs.existsSync(login.SSL_CERT_FILE), false, 'its files are removed')
  })

  test('refuses unknown options with its usage', async () => {
    const cli = path.join(installed, manifest.bin['azure-client-token-emulator'])
    const other = await run(process.execPath, [cli, '--host', '0.0.0.0']).catch((error) => error)
    assert.deepEqual([other.code, other.stderr.trim()], [1, 'the emulator serves loopback addresses only, and 0.0.0.0 is not one: see --help'])
    for (const wrong of [['--port', 'x'], ['--unknown'], ['argument']]) {
      const { code, stdout, stderr } = await run(process.execPath, [cli, ...wrong]).catch((error) => error)
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /^Usage: azure-client-token-emulator/m)
    }
    const help = await run(process.execPath, [cli, '--help'])
    assert.ok(help.stdout.split('\n').length < 24, 'it fits a screen')
  })
})
