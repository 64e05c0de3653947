// @ts-check
'use strict'

// The variables when a credential was created. Only those of Azure and of the machine count, as in @azure/identity: settings
// that choose Pulumi's login, or the cloud of other tools, have no effect here.

const { reader } = require('../environment')
const { withoutPrototype } = require('../input-values')

/** In upper case, because Windows ignores the case of names. */
const OTHERS = /^(ARM_.*|AZURE_ENVIRONMENT|PULUMI_CONFIG|AZURESUBSCRIPTION_SERVICE_CONNECTION_ID)$/

/**
 * @typedef {Record<string, string | undefined>} Changes what takes the place of a variable; undefined takes it away
 *
 * @typedef {object} Variables
 * @property {(name: string) => string | undefined} read nothing also for an empty one
 * @property {(changes?: Changes) => Record<string, string>} snapshot the environment for native code, with the settings that the class itself decides
 */

/** @returns {Variables} */
function variables() {
  const kept = Object.entries(process.env).filter(([name]) => !OTHERS.test(name.toUpperCase()))
  const environment = Object.fromEntries(kept)
  const read = reader(environment, process.platform)
  return { read: (name) => read(name) || undefined, snapshot: (changes) => snapshot(environment, read, changes) }
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {(name: string) => string | undefined} read
 * @param {Changes} [changes]
 */
function snapshot(environment, read, changes = {}) {
  const { binding } = require('../binding')
  const { withRest } = require('../environment')
  /** @type {Record<string, string>} */
  const known = withoutPrototype({})
  for (const name of binding().environmentNames().filter((one) => !OTHERS.test(one))) {
    const value = Object.hasOwn(changes, name) ? changes[name] : read(name)
    if (value !== undefined) known[name] = value
  }
  const all = withRest(known, environment, process.platform)
  for (const [name, value] of Object.entries(changes)) if (value === undefined) delete all[name]
  return all
}

module.exports = { variables }
