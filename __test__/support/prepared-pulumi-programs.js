// @ts-check
'use strict'

const { after, before } = require('node:test')
const assert = require('node:assert/strict')
const { cp, readdir, writeFile } = require('node:fs/promises')
const path = require('node:path')
const { startEmulator } = require('../../emulator')
const { startPulumiEngine } = require('./pulumi-engine')
const { runProgram } = require('./pulumi-program')
const { createWorkspace, root } = require('./pulumi-workspace')

/** @typedef {import('../../emulator').Emulator} Emulator */
/** @typedef {import('./pulumi-workspace').Workspace} Workspace */

const tests = path.join(__dirname, '..')
const errorSeverity = 3

/**
 * A workspace with every program, at the same relative paths as here, and a function that runs them.
 * @param {{ typescript: boolean, configuration?: string }} setUp
 */
function preparedPrograms({ typescript, configuration }) {
  /** @type {Workspace} */ let workspace
  const program = (/** @type {string} */ name) => path.join(workspace.folder, 'programs', 'pulumi-programs', name)

  before(async () => {
    workspace = await createWorkspace({ typescript })
    await installPrograms(path.join(workspace.folder, 'programs'), configuration)
    await cp(path.join(root, 'examples', 'pulumi'), program('example'), { recursive: true })
  })
  after(() => workspace.close())

  return { run, program }

  /**
   * @typedef {object} Run
   * @property {'update' | 'preview'} [mode]
   * @property {(emulator: Emulator) => Record<string, string>} [config]
   * @property {(emulator: Emulator) => Record<string, string>} environment
   * @property {(emulator: Emulator) => Record<string, unknown>} [create]
   * @property {number} [code] the expected exit code
   * @property {string} [node] the Node.js that runs it; default: this one
   */

  /**
   * @param {import('node:test').TestContext} t
   * @param {string} name
   * @param {Run} run
   */
  async function run(t, name, { mode = 'update', config = () => ({}), environment, create = () => ({}), code = 0, node }) {
    const emulator = await startedEmulator(t)
    const engine = await startPulumiEngine({ preview: mode === 'preview', create: () => create(emulator) })
    t.after(engine.close)
    const end = await runProgram({
      workspace: workspace.folder,
      folder: program(name),
      engine,
      config: config(emulator),
      secretKeys: Object.keys(config(emulator)).filter((key) => key.endsWith(':clientSecret')),
      environment: environment(emulator),
      node
    })
    const errors = errorsOf(engine.record)
    assert.equal(end.code, code, `${end.output}${errors}`)
    assert.ok(!saysSecret(emulator, end.output, engine.record.logs), 'the output contains a secret')
    return { outputs: engine.record.outputs ?? {}, errors, emulator, record: engine.record }
  }
}

/**
 * @param {string} folder
 * @param {string} [configuration] a tsconfig.json for each
 */
async function installPrograms(folder, configuration) {
  await cp(path.join(tests, 'pulumi-programs'), path.join(folder, 'pulumi-programs'), { recursive: true })
  await cp(path.join(tests, 'support', 'azure-native'), path.join(folder, 'support', 'azure-native'), { recursive: true })
  for (const name of await readdir(path.join(folder, 'pulumi-programs'))) {
    const file = (/** @type {string} */ file) => path.join(folder, 'pulumi-programs', name, file)
    await writeFile(file('Pulumi.yaml'), 'name: p\nruntime: nodejs\n')
    await writeFile(file('package.json'), JSON.stringify({ private: true, type: name.endsWith('-module') ? 'module' : 'commonjs' }))
    if (configuration) await writeFile(file('tsconfig.json'), configuration)
  }
}

/**
 * A local Entra ID with a second application, whose login is valid, too.
 * @param {import('node:test').TestContext} t
 */
async function startedEmulator(t) {
  const emulator = await startEmulator({ applications: [{}, other] })
  t.after(emulator.close)
  return emulator
}

const other = { clientId: '0d1e2f30-4152-4637-8495-a6b7c8d9eafb', clientSecret: 'the other application\'s' }

/** @param {Emulator} emulator */
function otherLogin(emulator) {
  return { ...emulator.environment(), ARM_CLIENT_ID: other.clientId, ARM_CLIENT_SECRET: other.clientSecret }
}

/**
 * The claims of a token of the emulator's default application.
 * @param {Emulator} emulator
 * @param {string} aud
 */
function loginClaims({ tenantId, clientId }, aud) {
  return { aud, tid: tenantId, appid: clientId }
}

/** @param {string} token */
function claims(token) {
  const [, payload] = token.split('.')
  const { aud, tid, appid } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return { aud, tid, appid }
}

/** @param {{ logs: { severity: number, message: string }[] }} record */
function errorsOf({ logs }) {
  return logs.filter(({ severity }) => severity === errorSeverity).map(({ message }) => message).join('\n')
}

/**
 * The SDK's own debug log contains the engine's answers, including a provider's secrets. The test ignores it.
 * @param {Emulator} emulator
 * @param {string} output
 * @param {{ message: string }[]} logs
 */
function saysSecret({ clientSecret }, output, logs) {
  const messages = logs.map(({ message }) => message).filter((message) => !message.startsWith('RegisterResource RPC finished'))
  const said = [output, ...messages].join('\n')
  return [clientSecret, other.clientSecret, 'eyJ0'].some((secret) => said.includes(secret))
}

module.exports = { claims, loginClaims, otherLogin, preparedPrograms, startedEmulator }
