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
  const names = () => [...binding().environmentNames(), ...others]
  if (process.platform === 'win32') return snapshotOfWindows(names(), isWhole)
  return ownVariables(process.env, isWhole ? undefined : new Set(names()))
}

/**
 * Returns the variables that `process.env` owns. Each is read once, because each access costs a call of Node.js.
 * @param {NodeJS.ProcessEnv} environment
 * @param {Set<string>} [wanted] absent: all
 */
function ownVariables(environment, wanted) {
  /** @type {Record<string, string>} */
  const snapshot = withoutPrototype({})
  for (const name of Object.getOwnPropertyNames(environment)) {
    const value = wanted === undefined || wanted.has(name) ? environment[name] : undefined
    if (value !== undefined) snapshot[name] = value
  }
  return snapshot
}

/**
 * @param {string[]} names
 * @param {boolean} isWhole
 */
function snapshotOfWindows(names, isWhole) {
  /** @type {Record<string, string>} */
  const snapshot = withoutPrototype({})
  const read = reader(process.env, 'win32')
  for (const name of names) {
    const value = read(name)
    if (value !== undefined) snapshot[name] = value
  }
  return isWhole ? withRest(snapshot, process.env, 'win32') : snapshot
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
