// @ts-check
'use strict'

const { binding } = require('./binding')
const { withoutPrototype } = require('./values')

/**
 * The environment variables that the core reads, as they are now and as far as they are set. A snapshot, because
 * `process.env` of a worker cannot be seen from native code. What `process.env` inherits is no variable.
 * @param {string[]} [others] more variables of interest
 */
function environmentSnapshot(others = []) {
  /** @type {Record<string, string>} */
  const snapshot = withoutPrototype({})
  const read = reader(process.env, process.platform)
  for (const name of [...binding().environmentNames(), ...others]) {
    const value = read(name)
    if (value !== undefined) snapshot[name] = value
  }
  return snapshot
}

/**
 * Windows does not tell the cases of names apart; the copy that a worker has of them there does.
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} platform
 * @returns {(name: string) => string | undefined}
 */
function reader(environment, platform) {
  if (platform !== 'win32') return (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined)
  const values = new Map(Object.entries(environment).map(([name, value]) => [name.toUpperCase(), value]))
  return (name) => values.get(name.toUpperCase())
}

module.exports = { environmentSnapshot, reader }
