// @ts-check
'use strict'

const pulumi = require('./sdk.js')
const { configurationError } = require('../errors.js')
const { outputState } = require('./internals.js')
const { settingNames, unsetWhenEmpty } = require('./settings.js')
const { withoutPrototype } = require('../input-values.js')

/** @typedef {import('@pulumi/pulumi').ProviderResource} ProviderResource */
/** @typedef {import('./clients.js').LoginConfiguration} LoginConfiguration */

/**
 * Returns the configuration of an explicit provider, or `pulumi.unknown` while one of its inputs has no value yet.
 * @param {ProviderResource} provider
 * @returns {Promise<LoginConfiguration | typeof pulumi.unknown>}
 */
async function providerConfiguration(provider) {
  const states = await Promise.all(readableInputs(provider).map(inputState))
  if (states.some(({ value }) => value === pulumi.unknown) || !isAnswered(states)) return pulumi.unknown
  return { configSource: 'provider', config: withoutPrototype(Object.fromEntries(states.flatMap(presentSetting))) }
}

/**
 * A provider has each of its inputs as an output at run time. A reference to a provider in another process (in a remote
 * component) has none, and using the environment's login in place of its own would be another identity.
 * @param {ProviderResource} provider
 * @returns {{ name: string, output: unknown }[]}
 */
function readableInputs(provider) {
  const outputs = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (provider))
  const inputs = settingNames.map((name) => ({ name, output: outputs[name] }))
  const readable = inputs.filter(({ output }) => pulumi.Output.isInstance(output))
  if (readable.length === 0) throw unreadable()
  return readable
}

function unreadable() {
  const message =
    'The provider given has no inputs that this program can read: it is a reference to a provider of another program, ' +
    'as a remote component gets it. Create the provider in this program, or leave it out to use the stack\'s configuration.'
  return configurationError(message, ['opts.provider'], 'pulumi')
}

/**
 * In an update an unset input is known to be undefined. In a preview it is not known either, like one whose value is still
 * to come; but that one reads as `unknown`, and the unset one as undefined. If the two cannot be distinguished, the input is
 * unknown.
 * @param {{ name: string, output: unknown }} input
 */
async function inputState({ name, output }) {
  const { value, isKnown } = await outputState(output)
  const isUnset = value === undefined && (isKnown || pulumi.runtime.isDryRun())
  return { name, isKnown, value: isKnown || isUnset ? value : pulumi.unknown }
}

/**
 * Returns whether the engine answered with the provider's inputs: at least one known input (a real provider always has its
 * environment). If a provider was skipped or could not be previewed, every input reads as unset.
 * @param {{ isKnown: boolean }[]} states
 */
function isAnswered(states) {
  return states.some(({ isKnown }) => isKnown)
}

/**
 * @param {{ name: string, value: unknown }} input
 * @returns {[name: string, value: string][]}
 */
function presentSetting({ name, value }) {
  if (value === undefined || value === null) return []
  if (value === '' && unsetWhenEmpty.includes(name)) return []
  return [[name, wireForm(value)]]
}

/**
 * The provider class sends a value that is not a string as JSON; a provider that was created without that class may not.
 * @param {unknown} value
 */
function wireForm(value) {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

module.exports = { providerConfiguration }
