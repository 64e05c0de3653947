// @ts-check
'use strict'

const { binding } = require('./binding')
const { valueOfVariable, withoutPrototype } = require('./input-values')

/**
 * The environment variables that the core reads, as they are now and as far as they are set. A snapshot, because
 * `process.env` of a worker cannot be seen from native code. What `process.env` inherits is no variable.
 * @param {string[]} [others] more variables of interest
 * @param {boolean} [isWhole] whether all variables are of interest: those of a program that is started with them
 */
function environmentSnapshot(others = [], isWhole = true) {
  /** @type {Record<string, string>} */
  const snapshot = withoutPrototype({})
  const read = reader(process.env, process.platform)
  for (const name of [...binding().environmentNames(), ...others]) {
    const value = read(name)
    if (value !== undefined) snapshot[name] = value
  }
  return isWhole ? withRest(snapshot, process.env, process.platform) : snapshot
}

/**
 * The snapshot with all that it lacks. Windows does not tell the cases of names apart: there a variable that the core
 * reads keeps the name by which the core knows it.
 * @param {Record<string, string>} snapshot
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} platform
 */
function withRest(snapshot, environment, platform) {
  const folded = (/** @type {string} */ name) => (platform === 'win32' ? name.toUpperCase() : name)
  const known = new Set(Object.keys(snapshot).map(folded))
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !known.has(folded(name))) snapshot[name] = value
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
  if (platform !== 'win32') return (name) => valueOfVariable(environment, name)
  const values = new Map(Object.entries(environment).map(([name, value]) => [name.toUpperCase(), value]))
  return (name) => values.get(name.toUpperCase())
}

module.exports = { environmentSnapshot, reader, withRest }
