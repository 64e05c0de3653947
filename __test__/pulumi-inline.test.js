// @ts-check
'use strict'

// Inline programs of the Automation API, with the real addon: several stacks in one process, each with its own login.

const { after, before, describe, test } = require('node:test')
const assert = require('node:assert/strict')
const { getClientToken, getClientTokenOutput } = require('azure-client-token/pulumi')
const { startEmulator } = require('../emulator')
const { runInline } = require('./support/inline-program')
const { revealed, startPulumiEngine } = require('./support/pulumi-engine')
const { claims } = require('./support/prepared-pulumi-programs')

const applications = ['one', 'two'].map((name) => ({ clientId: `${name}-application`, clientSecret: `secret of ${name}` }))

describe('inline programs that run at the same time', () => {
  /** @type {Awaited<ReturnType<typeof startEmulator>>} */ let emulator

  before(async () => {
    emulator = await startEmulator({ applications })
    const { AZURE_AUTHORITY_HOST, NODE_EXTRA_CA_CERTS } = emulator.environment()
    Object.assign(process.env, { AZURE_AUTHORITY_HOST, NODE_EXTRA_CA_CERTS })
  })
  after(() => emulator.close())

  test('use the login of their own stack', async (t) => {
    const outputs = await Promise.all(applications.map((application) => runStack(t, application)))
    for (const [index, { plain, output }] of outputs.entries()) {
      const appids = [plain, revealed(output)].map((token) => claims(token).appid)
      assert.deepEqual(appids, Array(2).fill(applications[index].clientId))
    }
    assert.equal(emulator.counters.tokenRequests, applications.length)
  })

  /**
   * @param {import('node:test').TestContext} t
   * @param {typeof applications[number]} application
   */
  async function runStack(t, { clientId, clientSecret }) {
    const engine = await startPulumiEngine()
    t.after(engine.close)
    const program = async () => ({ plain: (await getClientToken()).token, output: getClientTokenOutput().token })
    const login = { tenantId: emulator.tenantId, clientId, clientSecret }
    const config = Object.fromEntries(Object.entries(login).map(([key, value]) => [`azure-native:${key}`, value]))
    const { outputs } = await runInline(engine, program, config)
    return outputs
  }
})
