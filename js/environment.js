// @ts-check
'use strict'

const { binding } = require('./binding')
const { valueOfVariable, withoutPrototype } = require('./input-values')

/**
 * Returns the environment variables that the core reads and that are set. It is a snapshot, because native code cannot see a
 * worker's `process.env`. A property that `process.env` inherits is not a variable.
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
 * Returns the snapshot with all other variables. Windows ignores the case of names: there a variable that the core reads has
 * the name that the core uses.
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
 * Windows ignores the case of names, but a worker's copy of the variables does not.
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
