// @ts-check
'use strict'

// azure-client-token/identity and the package azure-client-token-identity as a program uses them: packed, and installed by npm's overrides
// instead of @azure/identity, for a package that depends on it.

const assert = require('node:assert/strict')
const { execFile } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { promisify } = require('node:util')
const { startEmulator } = require('../emulator')
const { npmInvocation } = require('../scripts/npm')
const { pack } = require('../scripts/pack')
const { packIdentity } = require('../scripts/pack-identity')
const { bareEnvironment } = require('./support/environment')

const run = promisify(execFile)
const { version } = require('../package.json')

describe('packages that depend on @azure/identity', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'identity-package-'))
  /** @type {import('../emulator').Emulator} */
  let emulator

  before(async () => {
    emulator = await startEmulator()
    const { main, platforms } = pack({ out: folder })
    const [platform] = Object.values(platforms)
    const identity = packIdentity({ out: folder })
    // Another package, which creates its credential itself.
    write('dependant/package.json', JSON.stringify({ name: 'dependant', version: '1.0.0', dependencies: { '@azure/identity': '^4.0.0' } }))
    write('dependant/index.js', `
      const { ClientSecretCredential, CredentialUnavailableError } = require('@azure/identity')
      exports.place = require.resolve('@azure/identity')
      exports.token = (...login) => new ClientSecretCredential(...login).getToken('https://database.windows.net/.default')
      exports.isUnavailable = (error) => error instanceof CredentialUnavailableError`)
    write('package.json', JSON.stringify({
      name: 'program', private: true,
      dependencies: { dependant: 'file:dependant', 'azure-client-token': `file:${path.basename(main)}`, [platformOf(platform)]: `file:${path.basename(platform)}` },
      overrides: { '@azure/identity': `file:${path.basename(identity)}` },
    }))
    const { command, parameters, shell } = npmInvocation(['install', '--offline', '--install-links', '--no-audit', '--no-fund', '--cache', path.join(folder, '.npm')])
    await run(command, parameters, { cwd: folder, shell })
  })
  after(async () => {
    await emulator?.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  test('get the drop-in by the override, at the version of the main package and depending on it alone', () => {
    const installed = JSON.parse(fs.readFileSync(path.join(folder, 'node_modules', '@azure', 'identity', 'package.json'), 'utf8'))
    assert.deepEqual([installed.name, installed.version, installed.dependencies], ['azure-client-token-identity', version, { 'azure-client-token': version }])
    assert.ok(!fs.existsSync(path.join(folder, 'node_modules', '@azure', 'msal-node')))
  })

  test('get the token, and the same classes as the program', async () => {
    const { tenantId, clientId, clientSecret, authorityHost } = emulator
    const outcome = await printed('program.cjs', `
      const dependant = require('dependant')
      const { CredentialUnavailableError, ClientSecretCredential } = require('azure-client-token/identity')
      const [tenantId, clientId, clientSecret, authorityHost] = JSON.parse(process.argv[2])
      dependant.token(tenantId, clientId, clientSecret, { authorityHost }).then(({ token }) => {
        const { aud, appid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))
        console.log(JSON.stringify([aud, appid, dependant.isUnavailable(new CredentialUnavailableError('m')), dependant.place.includes('identity')]))
      })`, [tenantId, clientId, clientSecret, authorityHost])
    assert.deepEqual(outcome, ['https://database.windows.net', clientId, true, true])
    assert.equal(emulator.requests.filter(({ form }) => form.scope === 'https://database.windows.net/.default').length, 1)
  })

  test('have its types: there `@azure/identity` declares what the drop-in does', async () => {
    const contract = fs.readFileSync(path.join(__dirname, 'types', 'identity-contract.ts'), 'utf8')
    const file = write('contract.ts', contract.replace("'../../identity'", "'azure-client-token/identity'"))
    const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'node16', '--skipLibCheck']
    await run(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, file], { cwd: folder }).catch(({ stdout }) => assert.fail(stdout))
  })

  test('can import its names as a module, too', async () => {
    const names = await printed('program.mjs', `
      import { DefaultAzureCredential, logger, AzureAuthorityHosts } from 'azure-client-token/identity'
      import * as identity from 'azure-client-token/identity'
      console.log(JSON.stringify([typeof DefaultAzureCredential, typeof logger.info, AzureAuthorityHosts.AzureChina, Object.keys(identity).filter((name) => !['default', 'module.exports'].includes(name)).length]))`)
    assert.deepEqual(names, ['function', 'function', 'https://login.chinacloudapi.cn', Object.keys(require('../identity')).length])
  })

  test('`require` loads one file, and no native code', async () => {
    const [files, maps] = await printed('loads.cjs', `
      const before = new Set(Object.keys(require.cache))
      require('azure-client-token/identity')
      const files = Object.keys(require.cache).filter((file) => !before.has(file)).map((file) => require('node:path').basename(file))
      console.log(JSON.stringify([files, Object.keys(require.cache).filter((file) => file.endsWith('.node')).length]))`)
    assert.deepEqual([files, maps], [['identity.js'], 0])
  })

  /** @param {string} name @param {string} text */
  function write(name, text) {
    const file = path.join(folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
    return file
  }

  /** @param {string} name @param {string} program @param {string[]} [input] */
  async function printed(name, program, input = []) {
    const env = bareEnvironment({ NODE_EXTRA_CA_CERTS: emulator.caFile, HOME: folder })
    const { stdout } = await run(process.execPath, [write(name, program), JSON.stringify(input)], { cwd: folder, env, timeout: 60_000 })
    return JSON.parse(stdout)
  }
})

/** @param {string} tarball */
function platformOf(tarball) {
  return path.basename(tarball).replace(/-\d+\.\d+\.\d+\.tgz$/, '')
}
