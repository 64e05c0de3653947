// @ts-check
'use strict'

const { clientRegistry } = require('../../js/pulumi/clients.js')
const { loginFunctions } = require('../../js/pulumi/functions.js')
const { runInline } = require('./inline-program')
const { startPulumiEngine } = require('./pulumi-engine')

/** @typedef {import('./pulumi-engine').EngineOptions} EngineOptions */

/**
 * The Pulumi entry with clients that only record their calls.
 * @param {{ delay?: number }} [options]
 */
function standIn({ delay = 0 } = {}) {
  /** @type {{ configSource: string, config: Record<string, string> }[]} */ const questions = []
  /** @type {unknown[]} */ const endpoints = []
  let clients = 0
  class Client {
    /** @param {import('../../js/pulumi/clients.js').ClientOptions} options */
    constructor({ config, configSource }) {
      clients += 1
      // Plain objects, with which the tests can compare.
      this.login = { configSource, config: { ...config } }
    }

    /** @param {{ endpoint?: string }} args */
    async getClientToken({ endpoint }) {
      questions.push(this.login)
      endpoints.push(endpoint)
      await new Promise((resolve) => setTimeout(resolve, delay))
      return result(`token of ${this.login.config.tenantId ?? 'no tenant'}`)
    }

    async getClientConfig() {
      return { clientId: 'c', objectId: 'o', subscriptionId: 's', tenantId: this.login.config.tenantId }
    }
  }
  return { functions: loginFunctions(clientRegistry(Client, () => ({}))), questions, endpoints, clients: () => clients }
}

/** @param {string} token */
function result(token) {
  return { token, expiresOnTimestamp: 1, tokenType: /** @type {const} */ ('Bearer'), source: /** @type {const} */ ('clientSecret') }
}

/**
 * @param {Pick<import('node:test').TestContext, 'after'>} t
 * @param {EngineOptions} [options]
 */
async function engineFor(t, options) {
  const engine = await startPulumiEngine({ create: ({ name }) => ({ value: `value of ${name}` }), ...options })
  t.after(engine.close)
  return engine
}

/**
 * Runs a program that requests a token, in both forms by default. Equal calls are reported once.
 * @param {{ mode?: 'update' | 'preview', config?: Record<string, string>, args?: () => any, options?: () => any,
 *   plain?: boolean, output?: boolean, engine?: EngineOptions }} run
 */
async function ask({ mode = 'update', config, args = () => ({}), options = () => ({}), plain = true, output = true, engine: more }) {
  const login = standIn()
  const closing = /** @type {(() => void)[]} */ ([])
  const engine = await engineFor({ after: (close) => closing.push(/** @type {any} */ (close)) }, { preview: mode === 'preview', ...more })
  const answers = /** @type {{ plain?: any, output?: any, dependencies?: string[], failure?: any }} */ ({})
  const record = await runInline(engine, async () => {
    const [given, opts] = [args(), options()]
    if (plain) answers.plain = await login.functions.getClientToken(given, opts).catch((error) => { answers.failure = error })
    if (!output || answers.failure) return {}
    const asOutput = login.functions.getClientTokenOutput(given, opts)
    answers.output = await stateOf(asOutput)
    answers.dependencies = await dependencyNames(asOutput)
    return { output: asOutput }
  }, config)
  closing.forEach((close) => close())
  const questions = login.questions.filter((question, index, all) => JSON.stringify(all[index - 1]) !== JSON.stringify(question))
  return { ...answers, record, login: { ...login, questions } }
}

/** @param {any} output */
async function stateOf(output) {
  return (await output.isKnown) ? output.promise() : 'unknown'
}

/** @param {any} output */
async function dependencyNames(output) {
  const resources = [...(await output.allResources())]
  return resources.map(({ __name }) => __name).sort()
}

module.exports = { ask, engineFor, result, standIn }
