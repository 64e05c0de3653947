// @ts-check
'use strict'

const pulumi = require('./sdk.js')
const { allExist, callDependencies } = require('./dependencies.js')
const { hasStandInMonitor, outputState } = require('./internals.js')
const { chosenProvider } = require('./provider-choice.js')
const { providerConfiguration } = require('./provider-configuration.js')
const { stackConfiguration } = require('./stack-configuration.js')
const { rejectingLater } = require('../call-pacing.js')
const { optionOf } = require('../input-values.js')

/** @typedef {import('@pulumi/pulumi').Inputs} Inputs */
/** @typedef {import('@pulumi/pulumi').InvokeOptions} InvokeOptions */
/** @typedef {import('@pulumi/pulumi').InvokeOutputOptions} InvokeOutputOptions */
/** @typedef {import('./clients.js').LoginClient} LoginClient */
/** @typedef {import('./clients.js').LoginConfiguration} LoginConfiguration */
/** @typedef {typeof pulumi.unknown} Unknown */

/**
 * One function of the package: Pulumi's token for it, and the call that it makes to a client.
 * @template Result
 * @typedef {object} LoginFunction
 * @property {string} token
 * @property {(client: LoginClient, inputs: { endpoint?: string }) => Promise<Result>} ask
 */

/**
 * Pulumi's two ways to call a function, without an engine.
 * @param {import('./clients.js').ClientFor} clientFor
 */
function invocation(clientFor) {
  return { invoke, invokeOutput }

  /**
   * The plain form: waits for its inputs, ignores dependsOn, and resolves to `{}` while something is unknown.
   * @template Result
   * @param {LoginFunction<Result>} login
   * @param {Inputs} inputs
   * @param {InvokeOptions} opts
   * @returns {Promise<Result>}
   */
  function invoke(login, inputs, opts) {
    if (hasStandInMonitor()) return pulumi.runtime.invoke(login.token, inputs, opts)
    return keepingAlive(() => plainAnswer(login, inputs, opts))
  }

  /**
   * @template Result
   * @param {LoginFunction<Result>} login
   * @param {Inputs} inputs
   * @param {InvokeOptions} opts
   */
  function plainAnswer(login, inputs, opts) {
    const answered = answer(login, pulumi.output(inputs), configurationReader(login.token, opts))
    return answered.then((result) => /** @type {Result} */ (result === pulumi.unknown ? {} : result))
  }

  /**
   * The output form: depends on its inputs' resources and on dependsOn, and is unknown until all of them exist.
   * @template Result
   * @param {LoginFunction<Result>} login
   * @param {Inputs} inputs
   * @param {InvokeOutputOptions} opts
   * @returns {import('@pulumi/pulumi').Output<Result>}
   */
  function invokeOutput(login, inputs, opts) {
    if (hasStandInMonitor()) return pulumi.runtime.invokeOutput(login.token, inputs, opts)
    return /** @type {any} */ (pulumi.output(keepingAlive(() => dependentAnswer(login, inputs, opts))))
  }

  /**
   * @template Result
   * @param {LoginFunction<Result>} login
   * @param {Inputs} inputs
   * @param {InvokeOutputOptions} opts
   */
  function dependentAnswer(login, inputs, opts) {
    const readConfiguration = configurationReader(login.token, opts)
    return answerDepending(login, pulumi.output(inputs), readConfiguration, opts)
  }

  /**
   * @template Result
   * @param {LoginFunction<Result>} login
   * @param {unknown} awaited an output
   * @param {ReturnType<typeof configurationReader>} readConfiguration
   * @param {InvokeOutputOptions} opts
   */
  async function answerDepending(login, awaited, readConfiguration, opts) {
    await undefined
    const dependencies = await callDependencies(/** @type {InvokeOutputOptions['dependsOn']} */ (optionOf(opts, 'dependsOn')), awaited)
    const result = (await allExist(dependencies)) ? await answer(login, awaited, readConfiguration) : pulumi.unknown
    return dependingOn(dependencies, result)
  }

  /**
   * @template Result
   * @param {LoginFunction<Result>} login
   * @param {unknown} inputs an output
   * @param {ReturnType<typeof configurationReader>} readConfiguration
   * @returns {Promise<Result | Unknown>}
   */
  async function answer(login, inputs, readConfiguration) {
    // An error that is thrown from here on has none of the program's frames on its stack.
    await undefined
    const [{ value, isKnown }, configuration] = await Promise.all([outputState(inputs), readConfiguration()])
    if (!isKnown || configuration === pulumi.unknown) return pulumi.unknown
    const client = clientFor(/** @type {LoginConfiguration} */ (configuration))
    return login.ask(client, /** @type {{ endpoint?: string }} */ (value))
  }
}

/**
 * Decides now where a call's configuration comes from: the stack's belongs to the program that calls at this moment.
 * @param {string} functionToken
 * @param {InvokeOptions} opts
 * @returns {() => Promise<LoginConfiguration | Unknown>}
 */
function configurationReader(functionToken, opts) {
  const provider = chosenProvider(functionToken, opts)
  if (provider) return () => providerConfiguration(provider)
  const configuration = stackConfiguration()
  return async () => configuration
}

/**
 * Returns an output of the result that has its dependencies: a resource's URN is an output that comes from the resource.
 * @param {Iterable<import('@pulumi/pulumi').Resource>} dependencies
 * @param {unknown} result
 */
function dependingOn(dependencies, result) {
  const origins = Array.from(dependencies, ({ urn }) => urn)
  return pulumi.all({ result, origins: pulumi.all(origins) }).apply((all) => all.result)
}

/**
 * Keeps Pulumi's engine running until the work ends: a resource may still wait for its result.
 * @template Result
 * @param {() => Promise<Result>} work
 */
function keepingAlive(work) {
  const done = pulumi.runtime.rpcKeepAlive()
  const settled = rejectingLater(work)
  settled.then(done, done)
  return settled
}

module.exports = { invocation }
