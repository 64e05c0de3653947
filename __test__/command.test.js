// @ts-check
'use strict'

// The command as scripts and tools see it: the bytes on stdout and the exit code.

const assert = require('node:assert/strict')
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { after, before, describe, test } = require('node:test')
const { startEmulator } = require('../emulator')
const { resourceOf } = require('../js/command/aliases')
const { commands } = require('../js/command/commands')
const { exitCodeOf } = require('../js/command/failure')
const { treeOf } = require('../js/command/explanation-tree')
const { bareEnvironment } = require('./support/environment')
const { fileOf, runCommand } = require('./support/command')
const { ended, run } = require('./support/run')

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'command-test-'))
before(async () => (emulator = await startEmulator()))
after(async () => {
  await emulator.close()
  fs.rmSync(folder, { recursive: true })
})

/** @param {string[]} words @param {Parameters<typeof runCommand>[1]} [options] */
const logged = (words, options) => runCommand(words, { ...options, environment: { ...emulator.environment(), ...options?.environment } })

/** @param {string} token @returns {any} */
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())

const JWT = /[\w-]+\.[\w-]+\.[\w-]+/

/** The outcome with a placeholder for the token, and the token. @param {{ stdout: string, code: number | null }} outcome */
function parts({ stdout, code }) {
  const token = JWT.exec(stdout.replace(/client\.authentication\.k8s\.io/, (name) => '-'.repeat(name.length)))?.[0] ?? ''
  return { shape: stdout.replaceAll(token, 'TOKEN'), token, code }
}

describe('token', () => {
  const forms = {
    token: 'TOKEN\n', header: 'Authorization: Bearer TOKEN\n', env: 'export AZURE_ACCESS_TOKEN=TOKEN\n',
    'env --format env-no-export': 'AZURE_ACCESS_TOKEN=TOKEN\n', 'env --format powershell': '$Env:AZURE_ACCESS_TOKEN="TOKEN"\n',
    'env --format windows-cmd': 'set AZURE_ACCESS_TOKEN=TOKEN\n', 'env --format fish': 'set -gx AZURE_ACCESS_TOKEN TOKEN\n',
  }
  for (const [form, expected] of Object.entries(forms)) {
    test(`--output ${form} prints exactly that`, async () => {
      const { shape, token, code } = parts(await logged(['token', 'graph', '--output', ...form.split(' ')]))
      assert.deepEqual({ shape, code }, { shape: expected, code: 0 })
      assert.equal(claims(token).aud, 'https://graph.microsoft.com')
    })
  }

  test('--output json has the fields of the Azure CLI', async () => {
    const { stdout } = await logged(['token', '--output', 'json'], { environment: { TZ: 'Asia/Kolkata' } })
    const { accessToken, expiresOn, expires_on, tenant, tokenType, ...others } = JSON.parse(stdout)
    assert.deepEqual([claims(accessToken).aud, tenant, tokenType, others], ['https://management.azure.com/', emulator.tenantId, 'Bearer', {}])
    assert.match(expiresOn, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}000$/)
    assert.equal(Math.floor(Date.parse(`${expiresOn.replace(' ', 'T').slice(0, 23)}+05:30`) / 1000), expires_on)
  })

  test('--output status is one line without the token', async () => {
    const { stdout } = await logged(['token', '--output', 'status'])
    assert.match(stdout, /^clientSecret [0-9a-f-]{36} \d+ min\n$/)
  })

  test('an alias is the resource of the cloud, and one that the cloud does not have is refused', async () => {
    assert.equal(resourceOf('vault', 'china'), 'https://vault.azure.cn')
    assert.throws(() => resourceOf('stroage', 'public'), /"stroage" is not an alias/)
    assert.throws(() => resourceOf(`ghp_${'m4rker'.repeat(6)}`, 'public'), { message: /^The scope is not an alias/ })
    assert.throws(() => resourceOf('glpat-abcdefghijklmn', 'public'), { message: /^The scope is not an alias/ })
    const lacking = await logged(['token', 'devops', '--cloud', 'usgovernment'])
    assert.deepEqual([lacking.code, lacking.stdout], [2, ''])
  })

  test('a named credential reads its secret from the environment', async () => {
    const { stdout } = await logged(['token', 'graph', '--credential', 'client-secret', '-o', 'status'])
    assert.match(stdout, /^clientSecret /)
    const environment = { AZURE_CLIENT_SECRET: emulator.clientSecret }
    const ids = ['--tenant', emulator.tenantId, '--client-id', emulator.clientId]
    assert.equal((await logged(['token', '--credential', 'environment', ...ids], { environment })).code, 0)
  })
})

describe('a failure prints nothing on stdout and ends with its code', () => {
  /** @type {[number, string[], Record<string, string>?][]} */
  const usage = [
    [2, []], [2, ['tokn']], [2, ['token', 'grpah']], [2, ['token', '--nope']], [2, ['token', '--tenant']], [2, ['token', 'graph', 'vault']],
    [2, ['token', '-o', 'xml']], [2, ['token', '-o', 'env', '--format', 'csh']], [2, ['token', '--timeout', 'soon']], [2, ['token', '--timeout', '0']],
    [2, ['token', '--cloud', 'germany']], [2, ['token', '--cache', '--no-cache']], [2, ['token'], { AZURE_CLIENT_TOKEN_CACHE: 'disk' }], [2, ['token', '--credential', 'devicecode']], [2, ['token', '--tenant', '11111111-1111-4111-8111-111111111111']],
    [2, ['token', '--claims', 'no json', '--credential', 'onBehalfOf']], [2, ['whoami', '--credential', 'azureCli']], [2, ['whoami', 'me']],
    [2, ['explain', 'grpah']], [2, ['completion']], [2, ['completion', 'csh']], [2, ['cache']], [2, ['cache', 'list']], [2, ['cache', 'path'], { HOME: '' }], [2, ['kubeconfig']],
    [2, ['kubeconfig', 'convert']], [2, ['npmrc']], [2, ['npmrc', '--registry', 'https://registry.example/']],
    [2, ['npmrc', '--registry', 'http://pkgs.dev.azure.com/o/_packaging/f/npm/registry/']],
    [2, ['npmrc', '--registry', 'https://user@pkgs.dev.azure.com/o/_packaging/f/npm/registry/']],
    [2, ['npmrc', '--registry', 'https://pkgs.dev.azure.com.example/o/_packaging/f/npm/registry/']],
    [2, ['kubectl'], { KUBERNETES_EXEC_INFO: '{' }], [2, ['kubectl'], { KUBERNETES_EXEC_INFO: '{"apiVersion":"client.authentication.k8s.io/v1alpha1"}' }],
    [125, ['exec', '--', 'true']], [125, ['exec', '--set', 'A=graph']], [125, ['exec', '--set', '=graph', '--', 'true']], [125, ['exec', '--set', 'A=grpah', '--', 'true']],
    [127, ['exec', '--set', 'A=graph', '--', 'no-such-program']], [126, ['exec', '--set', 'A=graph', '--', '/etc/passwd']],
    [3, ['token', '--credential', 'azureCli'], { PATH: '/nonexistent' }], [3, ['kubectl', '--credential', 'azureCli'], { PATH: '/nonexistent' }],
    [1, ['token'], { ARM_CLIENT_SECRET: 'wrong-secret' }], [1, ['kubectl'], { ARM_CLIENT_SECRET: 'wrong-secret' }], [125, ['exec', '--set', 'A=graph', '--', 'true'], { ARM_CLIENT_SECRET: 'wrong-secret' }],
    [4, ['token'], { AZURE_AUTHORITY_HOST: 'https://127.0.0.1:9/' }], [4, ['token', '--timeout', '0.002']],
    [4, ['token'], { AZURE_CLIENT_TOKEN_TIMEOUT: '0.002' }], [2, ['token'], { AZURE_CLIENT_TOKEN_TIMEOUT: 'soon' }],
  ]
  test('in each of more than thirty forms', async () => {
    assert.ok(usage.length > 30)
    for (const [code, words, environment] of usage) {
      const outcome = await logged(words, { environment })
      assert.deepEqual([outcome.stdout, outcome.code], ['', code], `${words.join(' ')}: ${outcome.stderr}`)
      assert.match(outcome.stderr, /^azure-client-token: [^\n]+/, words.join(' '))
      assert.doesNotMatch(outcome.stderr, /wrong-secret|\n {4}at /)
    }
  })

  test('with the place of the help in the installed package', async () => {
    const { stderr } = await logged(['token'], { environment: { ARM_CLIENT_SECRET: 'wrong-secret' } })
    const [, file, section] = /\n {2}help: (.*)#(.*)\n$/.exec(stderr) ?? []
    assert.ok(fs.readFileSync(file, 'utf8').includes(`<a id="${section}"></a>`) || fs.readFileSync(file, 'utf8').toLowerCase().includes(`# ${section.replaceAll('-', ' ')}`), stderr)
  })

  test('with the names of the missing options and variables of a credential', async () => {
    const { stderr } = await runCommand(['token', '--credential', 'client-secret'])
    assert.equal(stderr, 'azure-client-token: --credential clientSecret needs more. Set --tenant or AZURE_TENANT_ID, and --client-id or AZURE_CLIENT_ID, and AZURE_CLIENT_SECRET\n')
  })

  test('with the code of its kind, and 70 for a defect', () => {
    const expected = {
      ERR_AUTHENTICATION: 1, ERR_UNEXPECTED_IDENTITY: 1, ERR_USAGE: 2, ERR_CONFIGURATION: 2, ERR_CREDENTIAL_UNAVAILABLE: 3,
      ERR_SERVICE_UNAVAILABLE: 4, ERR_NETWORK: 4, ERR_TIMEOUT: 4, ERR_RESOURCE_EXHAUSTED: 70, ERR_ADDON: 70, ERR_INTERNAL: 70,
    }
    for (const [code, exitCode] of Object.entries(expected)) assert.equal(exitCodeOf(/** @type {any} */ ({ code })), exitCode, code)
  })

  test('as JSON on stderr on request', async () => {
    const { stdout, stderr, code } = await logged(['token', '--json'], { environment: { ARM_CLIENT_SECRET: 'wrong-secret' } })
    const { error } = JSON.parse(stderr)
    assert.deepEqual([stdout, code, error.code, error.errorCodes], ['', 1, 'ERR_AUTHENTICATION', [7000215]])
    assert.equal(stderr.split('\n').length, 2)
  })
})

describe('explain and whoami', () => {
  test('explain draws a tree without colour, none of its lines longer than 100 columns', async () => {
    const { stdout, code } = await logged(['explain', 'graph'])
    assert.equal(code, 0)
    assert.match(stdout, /^Token for https:\/\/graph\.microsoft\.com\/\.default\nConsidered\n/)
    assert.match(stdout, /├─ ✓ clientSecret: chosen\n│ {4}seen: ARM_CLIENT_SECRET/)
    assert.match(stdout, /└─ ✓ clientSecret: gave the token, \d+ ms\n/)
    assert.ok(stdout.split('\n').every((line) => line.length <= 100 && !line.includes('\x1b')))
  })

  test('explain prints data even for a failure, and ends with that failure\'s code', async () => {
    const { stdout, code } = await logged(['explain', '--json', '--credential', 'azureCli'], { environment: { PATH: '/nonexistent' } })
    assert.deepEqual([JSON.parse(stdout).error.code, code], ['ERR_CREDENTIAL_UNAVAILABLE', 3])
    const tree = await logged(['explain', '--credential', 'azureCli'], { environment: { PATH: '/nonexistent' } })
    assert.match(tree.stdout, /there is no token, for the reason above\.\n\nNext, run\n {2}az login\n$/)
  })

  test('explain names the installed tools as next step', () => {
    const attempt = (/** @type {string} */ source, /** @type {string} */ reason) => ({ source, outcome: 'unavailable', reason, milliseconds: 1 })
    const failed = (/** @type {object[]} */ attempts) => treeOf(/** @type {any} */ ({ scopes: [], considered: [], settings: [], attempts, error: { code: 'ERR', message: 'm' } }), 80, false)
    const absent = attempt('azurePowerShell', 'Azure PowerShell is not installed: there is no pwsh on PATH')
    assert.ok(failed([attempt('azureCli', 'the Azure CLI is not logged in'), absent]).endsWith('Next, run\n  az login\n'))
    assert.ok(failed([absent]).endsWith('Next, run\n  Connect-AzAccount\n'))
  })

  test('explain shows the members of the default chain below it', () => {
    const one = (/** @type {string} */ source, /** @type {string} */ decision) => ({ source, decision, settings: [] })
    const considered = [one('oidc', 'notConfigured'), one('chain', 'chosen'), one('workloadIdentity', 'notConfigured'), one('azureCli', 'chosen')]
    const text = treeOf(/** @type {any} */ ({ scopes: [], considered, settings: [], attempts: [], source: 'azureCli' }), 80, false)
    assert.ok(text.startsWith('Token\nConsidered\n├─ · oidc: not configured\n└─ ✓ default chain: chosen; it tries in this order\n   ├─ · workloadIdentity: not configured\n   └─ · azureCli\n'), text)
  })

  test('whoami prints the identity', async () => {
    const { stdout } = await logged(['whoami', '--json'])
    assert.deepEqual(JSON.parse(stdout).clientId, emulator.clientId)
  })

  test('whoami lists no option that chooses another login, and refuses such options', async () => {
    const { stdout } = await logged(['whoami', '--help'])
    assert.match(stdout, /--tenant/)
    assert.doesNotMatch(stdout, /--credential/)
    assert.match((await logged(['whoami', '--credential', 'azureCli'])).stderr, /--credential/)
  })
})

describe('kubectl', () => {
  for (const [version, isSaid] of /** @type {const} */ ([['v1', true], ['v1beta1', true], ['v1beta1', false]])) {
    test(`answers in ${version}, ${isSaid ? 'which is requested' : 'without a requested version'}`, async () => {
      const apiVersion = `client.authentication.k8s.io/${version}`
      const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: { interactive: false } })
      const environment = { KUBERNETES_EXEC_INFO: isSaid ? info : '' }
      const { shape, token, code } = parts(await logged(['kubectl'], { environment }))
      const expirationTimestamp = `${new Date(claims(token).exp * 1000).toISOString().slice(0, 19)}Z`
      const second = shape.replace(/(?<="expirationTimestamp":")[^"]+/, (time) => (Math.abs(Date.parse(time) - Date.parse(expirationTimestamp)) <= 2000 ? 'TIME' : time))
      assert.deepEqual([second, code], [`{"apiVersion":"${apiVersion}","kind":"ExecCredential","status":{"token":"TOKEN","expirationTimestamp":"TIME"}}\n`, 0])
      assert.equal(claims(token).aud, '6dae42f8-4368-4678-94ff-3960e28e3630')
    })
  }
})

describe('git', () => {
  const program = 'git-credential-azure-client-token'
  /** @param {string} input @param {string} [action] */
  const git = (input, action = 'get') => logged([action], { program, input })

  test('gets a user and a password, or a bearer token if git accepts one', async () => {
    const basic = parts(await git('protocol=https\nhost=dev.azure.com\nnews=1\n\n'))
    assert.match(basic.shape, /^username=entra\npassword=TOKEN\npassword_expiry_utc=\d{10}\n$/)
    assert.equal(claims(basic.token).aud, '499b84ac-1321-427f-aa17-267ca6975798')
    const bearer = parts(await git('capability[]=authtype\ncapability[]=state\nprotocol=https\nhost=org.visualstudio.com:443\n'))
    assert.match(bearer.shape, /^capability\[\]=authtype\nauthtype=Bearer\ncredential=TOKEN\nephemeral=true\npassword_expiry_utc=\d{10}\n$/)
  })

  test('gets nothing for any other host, protocol, port or action', async () => {
    const others = ['http\nhost=dev.azure.com', 'https\nhost=dev.azure.com:8443', 'https\nhost=dev.azure.com.example', 'https\nhost=visualstudio.com', 'https\nhost=a.b.visualstudio.com', 'https\nhost=github.com']
    for (const other of others) assert.deepEqual(await git(`protocol=${other}\n\n`), { code: 0, signal: null, stdout: '', stderr: '' }, other)
    assert.deepEqual((await git('', 'whatever')).code, 0)
    assert.equal((await git('', 'capability')).stdout, 'version 0\ncapability authtype\n')
  })

  test('follows the tenant that the server names only if it is allowed', async () => {
    const named = 'protocol=https\nhost=dev.azure.com\nwwwauth[]=Bearer authorization_uri=https://login.windows.net/11111111-1111-4111-8111-111111111111\n\n'
    assert.equal(claims(parts(await git(named)).token).tid, emulator.tenantId)
    const allowed = await logged(['get'], { program, input: named, environment: { AZURE_ADDITIONALLY_ALLOWED_TENANTS: '11111111-1111-4111-8111-111111111111' } })
    assert.deepEqual([allowed.stdout, allowed.code], ['', 1])
  })
})

describe('docker', () => {
  const program = 'docker-credential-azure-client-token'
  /** @param {string} action @param {string} input */
  const docker = async (action, input) => {
    const { stdout, code } = await logged([action], { program, input })
    return [stdout, code]
  }

  test('says that it has nothing for any host that is not a registry of the login\'s cloud', async () => {
    const others = ['index.docker.io', 'x.azurecr.io.example', 'x.azurecr.cn', 'https://u:p@x.azurecr.io', 'x.azurecr.io:5000', 'http://x.azurecr.io', 'a.b.azurecr.io']
    for (const other of others) assert.deepEqual(await docker('get', other), ['credentials not found in native keychain\n', 1], other)
    assert.deepEqual(await docker('get', '\n'), ['no credentials server URL\n', 1])
  })

  test('answers the other actions', async () => {
    assert.deepEqual(await docker('list', ''), ['{}\n', 0])
    assert.deepEqual(await docker('erase', 'x.azurecr.io'), ['', 0])
    assert.deepEqual(await docker('store', '{"ServerURL":"x.westeurope.geo.azurecr.io"}'), ['', 0])
    const [refusal, code] = await docker('store', '{"ServerURL":"https://index.docker.io/v1/","Username":"u","Secret":"a-password"}')
    assert.match(String(refusal), /^azure-client-token does not store the passwords/)
    assert.doesNotMatch(String(refusal), /a-password/)
    assert.equal(code, 1)
    assert.match(String((await docker('version', ''))[0]), /^docker-credential-azure-client-token \(azure-client-token\) \d/)
  })

  test('reads the time limit from a variable, and says what is wrong with it', async () => {
    const { stdout, code } = await logged(['get'], { program, input: 'x.azurecr.io', environment: { AZURE_CLIENT_TOKEN_TIMEOUT: 'soon' } })
    assert.deepEqual([stdout, code], ['--timeout, or AZURE_CLIENT_TOKEN_TIMEOUT, must be a number of seconds above zero, such as --timeout 30\n', 1])
  })
})

describe('exec', () => {
  test('gives the token to the child alone, and passes its exit code on', async () => {
    const script = 'printf %s "$A"; tr "\\0" " " < /proc/$PPID/cmdline >&2; tr "\\0" "\\n" < /proc/$PPID/environ | grep -c "^A=" >&2; exit 7'
    const { stdout, stderr, code } = await logged(['exec', '--set', 'A=graph', '--', 'sh', '-c', script])
    assert.equal(code, 7)
    assert.equal(claims(stdout).aud, 'https://graph.microsoft.com')
    assert.doesNotMatch(stderr, /eyJ/)
    assert.match(stderr, /0\n$/)
  })

  test('passes signals on, and ends with 128 and the signal that ended the child', async () => {
    assert.equal((await logged(['exec', '--set', 'A=graph', '--', 'sh', '-c', 'kill -9 $$'])).code, 137)
    const child = spawn(process.execPath, [fileOf('azure-client-token'), 'exec', '--set', 'A=graph', '--', 'sh', '-c', 'trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done'], { env: bareEnvironment(emulator.environment()) })
    child.stdout.once('data', () => child.kill('SIGTERM'))
    assert.equal((await ended(child)).code, 9)
  })
})

test('the folder of the store is shown by its length if it may be a secret, unless the folder is the answer', async () => {
  const environment = { AZURE_CLIENT_TOKEN_CACHE_DIR: path.join(folder, 'ghp_m4rker0m4rker0') }
  for (const words of [['status'], ['status', '--json'], ['clear', '--json']]) {
    const { stdout, stderr } = await logged(['cache', ...words], { environment })
    assert.match(stdout, /the folder, \d+ characters, not shown/, stderr)
    assert.doesNotMatch(stdout + stderr, /m4rker/)
  }
  assert.equal((await logged(['cache', 'path'], { environment })).stdout, `${environment.AZURE_CLIENT_TOKEN_CACHE_DIR}/azure-client-token/v1\n`)
})

describe('SIGUSR1 opens no debugger', () => {
  test('of exec, which passes it to the program', async () => {
    const child = spawn(process.execPath, [fileOf('azure-client-token'), 'exec', '--set', 'A=graph', '--', 'sh', '-c', 'trap "exit 9" USR1; echo ready; for _ in $(seq 200); do sleep 0.05; done'], { env: bareEnvironment(emulator.environment()) })
    child.stdout.once('data', () => child.kill('SIGUSR1'))
    assert.deepEqual(await ended(child), { code: 9, signal: null, stdout: 'ready\n', stderr: '' })
  })

  const helper = { 'git-credential-azure-client-token': 'protocol=https\nhost=dev.azure.com\n\n', 'docker-credential-azure-client-token': 'x.azurecr.io', 'azure-client-token': '' }
  for (const [program, input] of Object.entries(helper)) {
    test(`of ${program} while it waits`, async () => {
      const child = spawn(process.execPath, [fileOf(program), program === 'azure-client-token' ? 'token' : 'get'], { env: bareEnvironment(emulator.environment()) })
      child.stdin.end(input)
      emulator.faults.add({ when: () => child.kill('SIGUSR1'), delay: 300, times: 1 })
      const { signal, stderr } = await ended(child)
      emulator.faults.clear()
      assert.equal(signal, null)
      assert.doesNotMatch(stderr, /Debugger/)
    })
  }
})

describe('the process', () => {
  test('ends with 130 and 143 by signals while it waits, and leaves no tool running', async () => {
    for (const [signal, code] of /** @type {const} */ ([['SIGINT', 130], ['SIGTERM', 143]])) {
      const child = spawn(process.execPath, [fileOf('azure-client-token'), 'token'], { env: bareEnvironment(emulator.environment()) })
      emulator.faults.add({ when: () => child.kill(signal), delay: 20_000, times: 1 })
      const outcome = await ended(child)
      emulator.faults.clear()
      assert.deepEqual(outcome, { code, signal: null, stdout: '', stderr: '' })
    }
  })

  test('shows help that fits a screen and has an example for each command', async () => {
    const overview = (await runCommand(['--help'])).stdout.split('\n')
    assert.ok(overview.length <= 25 && overview.every((line) => line.length <= 80))
    for (const name of Object.keys(commands)) {
      const { stdout, code } = await runCommand([name, '--help'])
      const lines = stdout.split('\n')
      const isNarrow = lines.every((line) => line.length <= 80 || line.startsWith('Example: '))
      assert.ok(code === 0 && lines.length <= 25 && isNarrow, name)
      assert.match(stdout, new RegExp(`\nExample: azure-client-token ${name}`))
    }
  })

  test('is loaded by no program that requires the package', async () => {
    const script = "require('azure-client-token'); const { getClientToken } = require('azure-client-token'); getClientToken().then(() => console.log(Object.keys(require.cache).filter((file) => /js.command/.test(file)).length))"
    assert.equal((await run(script, { environment: emulator.environment() })).stdout, '0\n')
  })
})

describe('files that it writes', () => {
  /** @param {string} name @param {string} text */
  const file = (name, text) => {
    fs.writeFileSync(path.join(folder, name), text)
    return path.join(folder, name)
  }

  test('npmrc --write replaces its own lines in the user\'s configuration alone', async () => {
    const userconfig = file('.npmrc', 'color=false\n//pkgs.dev.azure.com/o/_packaging/f/npm/registry/:_authToken=old\n; end')
    const { stdout, code } = await logged(['npmrc', '--registry', 'https://pkgs.dev.azure.com/o/_packaging/f/npm/registry/', '--write'], { environment: { npm_config_userconfig: userconfig }, cwd: folder })
    const text = fs.readFileSync(userconfig, 'utf8')
    assert.deepEqual([stdout, code, fs.statSync(userconfig).mode & 0o777], ['', 0, 0o600])
    assert.equal(text.replace(/eyJ[\w.-]+/g, 'TOKEN'), 'color=false\n; end\n//pkgs.dev.azure.com/o/_packaging/f/npm/registry/:_authToken=TOKEN\n//pkgs.dev.azure.com/o/_packaging/f/npm/:_authToken=TOKEN\n')
    assert.deepEqual(fs.readdirSync(folder).filter((name) => name.endsWith('.tmp')), [])
  })

  test('npmrc --write names no file that is called like a secret', async () => {
    const userconfig = file('sig=m4rker0m4rker0', '')
    const { stderr, code } = await logged(['npmrc', '--registry', 'https://pkgs.dev.azure.com/o/_packaging/f/npm/registry/', '--write'], { environment: { npm_config_userconfig: userconfig }, cwd: folder })
    assert.match(stderr, /^npm_config_userconfig, \d+ characters, not shown .*: npm logs in to \/\/pkgs\.dev\.azure\.com\/o\/_packaging\/f\/npm\/registry\/ until/)
    assert.deepEqual([code, stderr.includes('m4rker0')], [0, false])
  })
})
