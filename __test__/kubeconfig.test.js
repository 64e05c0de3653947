// @ts-check
'use strict'

// `kubeconfig convert`: what it rewrites, and that it keeps the rest of the file.

const assert = require('node:assert/strict')
const { execFileSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { afterEach, beforeEach, describe, test } = require('node:test')
const { runCommand } = require('./support/command')

const HEAD = `# of the team
apiVersion: v1
kind: Config
contexts:
  - context: { cluster: c, user: one } # the first
    name: first
users:
`

/** @param {string} name @param {string[]} words */
const kubelogin = (name, ...words) => `  - name: ${name}
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        command: kubelogin
        args: ${JSON.stringify(['get-token', ...words])} # why
        env: null
`
const converted = ['--server-id', 'S', '--tenant-id=T', '--client-id', 'C', '--login', 'workloadidentity', '--environment', 'AzureUSGovernmentCloud']

describe('kubeconfig convert', () => {
  let folder = ''
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kubeconfig-'))))
  afterEach(() => fs.rmSync(folder, { recursive: true }))

  /** @param {string} text @param {string[]} words */
  const convert = async (text, ...words) => {
    const file = path.join(folder, 'config')
    fs.writeFileSync(file, text)
    const outcome = await runCommand(['kubeconfig', 'convert', ...words], { environment: { KUBECONFIG: file } })
    return { ...outcome, file, after: fs.readFileSync(file, 'utf8') }
  }

  test('rewrites a user of kubelogin and keeps comments and everything else', async () => {
    const before = HEAD + kubelogin('one', ...converted) + '  - name: other\n    user: { token: abc }\n'
    const { code, stdout, stderr, after, file } = await convert(before)
    assert.deepEqual([code, stdout], [0, ''], stderr)
    assert.ok(after.startsWith(HEAD), after)
    assert.ok(after.endsWith('  - name: other\n    user: { token: abc }\n'), after)
    const { parse } = require('yaml')
    assert.deepEqual(parse(after).users[0].user.exec, {
      apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'azure-client-token',
      args: ['kubectl', '--server-id', 'S', '--tenant', 'T', '--client-id', 'C', '--credential', 'workloadIdentity', '--cloud', 'usgovernment'],
      env: null, interactiveMode: 'Never', provideClusterInfo: false, installHint: 'azure-client-token is not found: npm install --global azure-client-token',
    })
    const copy = `${file}.bak-azure-client-token`
    assert.deepEqual([fs.readFileSync(copy, 'utf8'), fs.statSync(copy).mode & 0o777, fs.statSync(file).mode & 0o777], [before, 0o600, 0o600])
    assert.match(stderr, /converted one; .*\n.*credentialPluginAllowlist/)
  })

  test('rewrites the old provider, but not its mode 0', async () => {
    const provider = (/** @type {string} */ mode) => `  - name: one\n    user:\n      auth-provider:\n        name: azure\n        config: { apiserver-id: S, tenant-id: T, environment: AzurePublicCloud, config-mode: "${mode}" }\n`
    const { after } = await convert(HEAD + provider('1'))
    const { parse } = require('yaml')
    const { user } = parse(after).users[0]
    assert.deepEqual([user['auth-provider'], user.exec.args], [undefined, ['kubectl', '--server-id', 'S', '--tenant', 'T', '--cloud', 'public']])
    fs.rmSync(path.join(folder, 'config.bak-azure-client-token'))
    assert.deepEqual((await convert(HEAD + provider('0'))).code, 2)
  })

  const left = [['--login', 'devicecode'], ['--login', 'ropc'], ['--login', 'interactive'], [], ['--login', 'spn', '--client-secret', 'hidden-secret'], ['-l', 'azurecli', '--pop-enabled'], ['-l', 'azurecli', '--unknown', 'x'], ['-l', 'azurecli', '--environment', 'Custom']]
  for (const words of left) {
    test(`leaves ${words.join(' ') || 'an absent login'} unchanged, and says why`, async () => {
      const before = HEAD + kubelogin('one', ...words)
      const { code, stdout, stderr, after } = await convert(before)
      assert.deepEqual([code, stdout, after, fs.readdirSync(folder)], [2, '', before, ['config']])
      assert.match(stderr, /^The user one is unchanged: /)
      assert.doesNotMatch(stderr, /hidden-secret/)
    })
  }

  test('leaves a user with variables of kubelogin, and names those that the command reads', async () => {
    const advice = {
      AZURE_CLIENT_ID: '', AZURE_TENANT_ID: '',
      AAD_SERVICE_PRINCIPAL_CLIENT_ID: ', with AZURE_CLIENT_ID in place of AAD_SERVICE_PRINCIPAL_CLIENT_ID',
      AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE: ', with AZURE_CLIENT_CERTIFICATE_PATH in place of AAD_SERVICE_PRINCIPAL_CLIENT_CERTIFICATE',
      AAD_LOGIN_METHOD: ', with --login among its arguments in place of AAD_LOGIN_METHOD',
    }
    for (const [name, others] of Object.entries(advice)) {
      const before = HEAD + kubelogin('one', '--login', 'msi').replace('env: null', `env: [{ name: ${name}, value: v }]`)
      const { after, stderr } = await convert(before)
      assert.deepEqual([after, stderr.split('\n')[0]], [before, `The user one is unchanged: it sets variables of kubelogin (AAD_…, AZURE_…) under env. Set them for kubectl${others}, remove them there, and convert again.`])
    }
  })

  test('names the options that kubelogin\'s variables replace', async () => {
    const env = 'env: [{ name: AZURE_CLIENT_ID, value: v }, { name: AZURE_TENANT_ID, value: v }]'
    for (const [words, removed] of /** @type {[string[], string][]} */ ([[['--client-id=C'], 'them and --client-id'], [['-t', 'T', '--client-id', 'C'], 'them and --client-id and --tenant-id']])) {
      const { stderr } = await convert(HEAD + kubelogin('one', '--login', 'msi', ...words).replace('env: null', env))
      assert.ok(stderr.includes(`Set them for kubectl, remove ${removed} there, and convert again.`), stderr)
    }
  })

  test('keeps the client id for a credential that has one', async () => {
    const { parse } = require('yaml')
    const argsOf = async (/** @type {string[]} */ ...words) => {
      const { after } = await convert(HEAD + kubelogin('one', '--login', 'msi', '--client-id', 'C'), ...words)
      fs.rmSync(path.join(folder, 'config.bak-azure-client-token'))
      return parse(after).users[0].user.exec.args
    }
    assert.deepEqual(await argsOf(), ['kubectl', '--client-id', 'C', '--credential', 'managedIdentity'])
    assert.deepEqual(await argsOf('--credential', 'workload-identity'), ['kubectl', '--client-id', 'C', '--credential', 'workloadIdentity'])
    assert.deepEqual(await argsOf('--credential', 'azurePowerShell'), ['kubectl', '--credential', 'azurePowerShell'])
  })

  test('replaces a login that needs a user with the one that --credential names', async () => {
    const words = ['--server-id', 'S', '--client-id', 'C', '--tenant-id', 'T', '--login', 'devicecode']
    const { code, after } = await convert(HEAD + kubelogin('one', ...words), '--credential', 'azure-cli')
    const { parse } = require('yaml')
    assert.deepEqual([code, parse(after).users[0].user.exec.args], [0, ['kubectl', '--server-id', 'S', '--tenant', 'T', '--credential', 'azureCli']])
    fs.rmSync(path.join(folder, 'config.bak-azure-client-token'))
    const none = await convert(HEAD + kubelogin('one', ...words), '--credential', 'devicecode')
    assert.deepEqual([none.code, fs.readdirSync(folder)], [2, ['config']])
    assert.match(none.stderr, /must be one of clientSecret/)
  })

  test('changes only the lines of the user if lists are written as kubectl does', async () => {
    const before = 'apiVersion: v1\ncontexts:\n- name: first\nusers:\n- name: one\n  user:\n    exec:\n      command: kubelogin\n      args:\n      - get-token\n      - --login\n      - azurecli\n'
    const { after } = await convert(before)
    assert.ok(after.startsWith('apiVersion: v1\ncontexts:\n- name: first\nusers:\n- name: one\n  user:\n    exec:\n      command: azure-client-token\n      args:\n      - kubectl\n'), after)
    const { code, stderr } = await runCommand(['kubeconfig', 'convert'], { environment: { KUBECONFIG: path.join(folder, 'config') } })
    assert.deepEqual([code, stderr], [0, 'No user was converted: none runs kubelogin or has the provider azure. See kubectl config view.\n'])
  })

  test('leaves the other kubelogin, files that are not YAML, and an existing copy unchanged', async () => {
    const oidc = HEAD + kubelogin('one', '--oidc-issuer-url=https://issuer.example')
    assert.deepEqual([(await convert(oidc)).after, fs.readdirSync(folder)], [oidc, ['config']])
    assert.equal((await convert('users: [')).code, 2)
    fs.writeFileSync(path.join(folder, 'config.bak-azure-client-token'), 'first')
    const before = HEAD + kubelogin('one', ...converted)
    const again = await convert(before)
    assert.deepEqual([again.code, again.after, fs.readFileSync(path.join(folder, 'config.bak-azure-client-token'), 'utf8')], [2, before, 'first'])
  })

  test('shows names without what a terminal executes, and reads neither pipes nor endless aliases', async () => {
    const evil = '"a\\e]0;t\\a\\e[31m\\u202e\\nazure-client-token: fine"'
    for (const words of [converted, ['--login', 'devicecode']]) {
      const { stderr } = await convert(HEAD + kubelogin(evil, ...words))
      assert.ok(!/[^\n\x20-\u2027]/.test(stderr) && !/\x7f/.test(stderr), JSON.stringify(stderr))
      assert.ok(stderr.split('\n').length <= 3, stderr)
    }
    const bomb = Array.from({ length: 12 }, (_, depth) => `a${depth}: &a${depth} [${Array(10).fill(depth ? `*a${depth - 1}` : 'x').join()}]\n`).join('')
    const { code, stderr } = await convert(`${bomb}users: [{ name: x, user: { exec: { command: kubelogin, args: *a11 } } }]`)
    assert.deepEqual([code, stderr.includes('kubectl config view')], [2, true])
    if (process.platform === 'win32') return
    const pipe = path.join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    assert.equal((await runCommand(['kubeconfig', 'convert'], { environment: { KUBECONFIG: pipe } })).code, 2)
  })

  test('shows neither a name nor a path that looks like a secret', async () => {
    const secrets = ['ghp_m4rkerw0rd', 'https://user:m4rker@host.example', 'a;Password=m4rker', 'Bearer m4rkerw0rd']
    for (const name of secrets) {
      for (const words of [converted, ['--login', 'devicecode']]) {
        const { stderr } = await convert(HEAD + kubelogin(JSON.stringify(name), ...words))
        assert.ok(stderr.includes(`its name, ${name.length} characters, not shown`) && !stderr.includes('m4rker'), stderr)
        fs.rmSync(path.join(folder, 'config.bak-azure-client-token'), { force: true })
      }
    }
    const secretive = path.join(folder, 'key=m4rker')
    fs.writeFileSync(secretive, 'users: [')
    const { code, stderr } = await runCommand(['kubeconfig', 'convert'], { environment: { KUBECONFIG: secretive } })
    assert.deepEqual([code, stderr.includes('KUBECONFIG, '), stderr.includes('m4rker')], [2, true, false], stderr)
  })

  test('says of each of several files that it writes it, and leaves one without such a user unchanged', async () => {
    const texts = { one: HEAD + kubelogin('one', ...converted), two: HEAD + kubelogin('two', ...converted), other: `${HEAD}  - name: other\n    user: { token: abc }\n` }
    const files = Object.keys(texts).map((name) => path.join(folder, name))
    Object.values(texts).forEach((text, index) => fs.writeFileSync(files[index], text))
    const { code, stderr } = await runCommand(['kubeconfig', 'convert'], { environment: { KUBECONFIG: [...files, path.join(folder, 'absent')].join(path.delimiter) } })
    assert.equal(code, 0, stderr)
    for (const [index, name] of ['one', 'two'].entries()) assert.ok(stderr.includes(`${fs.realpathSync(files[index])}: converted ${name};`), stderr)
    assert.deepEqual(fs.readdirSync(folder).sort(), ['one', 'one.bak-azure-client-token', 'other', 'two', 'two.bak-azure-client-token'])
    assert.equal(fs.readFileSync(files[2], 'utf8'), texts.other)
  })

  test('converts the user of one context alone, and writes through a link', async () => {
    const real = path.join(folder, 'real')
    fs.writeFileSync(real, HEAD + kubelogin('one', ...converted) + kubelogin('two', ...converted))
    fs.symlinkSync(real, path.join(folder, 'link'))
    const { stderr, code } = await runCommand(['kubeconfig', 'convert', '--context', 'first'], { environment: { KUBECONFIG: path.join(folder, 'link') } })
    assert.equal(code, 0, stderr)
    assert.ok(fs.lstatSync(path.join(folder, 'link')).isSymbolicLink())
    assert.deepEqual(fs.readFileSync(real, 'utf8').match(/command: .*/g), ['command: azure-client-token', 'command: kubelogin'])
    assert.ok(stderr.startsWith(`${fs.realpathSync(real)}: converted one;`))
  })
})
