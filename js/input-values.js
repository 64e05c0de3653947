// @ts-check
'use strict'

// Values that a program passes. Each is read once, so that the value that was checked is the one that is used. A value that
// comes from Object.prototype is ignored, because any package of the program may have put it there by mistake.

/** The longest time that a timer of Node.js can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** What `isTimeout` accepts. */
const TIMEOUT = `a number of milliseconds from 1 to ${LONGEST_TIMEOUT}`

/** What `scopesOf` accepts. */
const SCOPES = 'a string or an array of strings'

/**
 * Returns an option: the object's own, or inherited from a class of the caller.
 * @param {object} bag
 * @param {string} name
 * @returns {unknown}
 */
function optionOf(bag, name) {
  return counted(bag, name, valueOf(bag, name))
}

/**
 * Returns the options of a call, or an empty object if there are none. Absent and null are the same, as in Pulumi.
 * @param {unknown} value
 * @param {string} name
 * @returns {Record<string, unknown>}
 */
function bagOf(value, name) {
  if (value === undefined || value === null) return {}
  if (!isBag(value)) throw wrongType(name, 'an object', value)
  return value
}

/**
 * Returns an environment variable. A property that `process.env` inherits is not one.
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 */
function valueOfVariable(environment, name) {
  const value = environment[name]
  return value !== undefined && Object.hasOwn(environment, name) ? value : undefined
}

/**
 * Returns the value of an option that was read, unless it is to be ignored.
 * @param {object} bag
 * @param {PropertyKey} name
 * @param {unknown} value
 */
function counted(bag, name, value) {
  if (value === undefined || Object.hasOwn(bag, name)) return value
  return isFromRoot(bag, name) ? undefined : value
}

/**
 * Returns all options by name, own ones and those that classes of the caller declare. A method is not an option, unless it
 * is one of the callbacks.
 * @param {object} bag
 * @param {string[]} [callbacks]
 * @returns {Map<string, unknown>}
 */
function optionsOf(bag, callbacks = []) {
  /** @type {Map<string, unknown>} */
  const options = new Map()
  for (const name of Object.keys(bag)) options.set(name, valueOf(bag, name))
  if (isPlain(bag)) return options
  for (const name of inheritedNames(bag)) {
    if (options.has(name)) continue
    const value = valueOf(bag, name)
    if (typeof value !== 'function' || callbacks.includes(name)) options.set(name, value)
  }
  return options
}

/**
 * @param {object} bag
 * @returns {Generator<string>}
 */
function* inheritedNames(bag) {
  for (let holder = Object.getPrototypeOf(bag); holder !== null && !isRoot(holder); holder = Object.getPrototypeOf(holder)) {
    for (const name of Object.getOwnPropertyNames(holder)) if (name !== 'constructor') yield name
  }
}

/**
 * @param {object} bag
 * @param {PropertyKey} name
 */
function valueOf(bag, name) {
  return /** @type {Record<PropertyKey, unknown>} */ (bag)[name]
}

/**
 * @param {object} bag
 * @param {PropertyKey} name
 */
function isFromRoot(bag, name) {
  for (let holder = bag; holder !== null; holder = Object.getPrototypeOf(holder)) {
    if (Object.hasOwn(holder, name)) return isRoot(holder)
  }
  return false
}

/**
 * Returns whether it is an Object.prototype: a program that runs in several realms, as under Jest, has several.
 * @param {object} holder
 */
function isRoot(holder) {
  return Object.getPrototypeOf(holder) === null && Object.hasOwn(holder, 'isPrototypeOf')
}

/**
 * Returns a copy of an array.
 * @template T
 * @param {unknown[]} array
 * @param {string} name
 * @param {(element: unknown, place: string) => T} checked
 * @returns {T[]}
 */
function listOf(array, name, checked) {
  return Array.from(withoutPrototype({ length: array.length }), (_, index) => checked(elementOf(array, index, name), `${name}[${index}]`))
}

/**
 * A list of one scope becomes the scope itself: most calls have one, and so no array is created for it.
 * @param {unknown} scopes
 * @param {string} name
 * @returns {string | string[]}
 */
function scopesOf(scopes, name) {
  if (typeof scopes === 'string') return scopes
  if (!Array.isArray(scopes)) throw wrongType(name, SCOPES, scopes)
  return scopes.length === 1 ? scope(elementOf(scopes, 0, name), `${name}[0]`) : listOf(scopes, name, scope)
}

/** @param {unknown} value @param {string} place */
function scope(value, place) {
  if (typeof value !== 'string') throw wrongType(place, 'a string', value)
  return value
}

/**
 * Returns an element of an array. A hole has none, even if Array.prototype has a value there.
 * @param {unknown[]} array
 * @param {number} index
 * @param {string} name
 */
function elementOf(array, index, name) {
  if (Object.hasOwn(array, index)) return array[index]
  throw printable(new TypeError(`${name}[${index}] is missing: the array has a hole there. Put a value into it, or make the array shorter`))
}

/**
 * @template {object} T
 * @param {T} object
 * @returns {T} the same
 */
function withoutPrototype(object) {
  return Object.setPrototypeOf(object, null)
}

/**
 * The message names the type of the value and never the value, which may be a secret in the wrong place.
 * @param {string} name
 * @param {string} expected
 * @param {unknown} value
 */
function wrongType(name, expected, value) {
  return printable(new TypeError(`${name} must be ${expected}; it is ${typeName(value)}`))
}

/** @param {unknown} value */
function typeName(value) {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return typeof value
  if (isPlain(value)) return 'an object'
  if (isIterable(value)) return 'a list of entries, as a Map is'
  return isOfPlatform(value) ? ofClass(tagOf(value)) : 'an object'
}

/**
 * Returns whether it is an object of options. A Map, a Promise, a signal or a URL is not: as options it would be empty, and
 * the token would be a different one than the caller intends.
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isBag(value) {
  return typeof value === 'object' && value !== null && (isPlain(value) || !(isIterable(value) || isOfPlatform(value)))
}

/**
 * Returns whether it is an object without a class. Most options are one, and a warm call checks nothing else.
 * @param {object} value
 */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || isRoot(prototype)
}

/**
 * Returns whether it is an array, a Map or another object whose entries are not properties.
 * @param {object} value
 */
function isIterable(value) {
  return Array.isArray(value) || counted(value, Symbol.iterator, valueOf(value, Symbol.iterator)) !== undefined
}

/**
 * Returns whether its class belongs to the language or the runtime, of any realm.
 * @param {object} value
 */
function isOfPlatform(value) {
  const tag = tagOf(value)
  return tag !== 'Object' && typeof valueOf(globalThis, tag) === 'function'
}

/** @param {string} name */
const ofClass = (name) => `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`

/** @param {object} value */
function tagOf(value) {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** A line of a stack whose path ends with the name of a package in place of a file. */
const FRAME_OF_NO_FILE = /\n +at [^\n]*[\\/]node_modules[\\/](?:@[^\\/\n]*[\\/])?[^\\/\n]*(?=\n|$)/g

/**
 * Removes such lines from the error's stack. A wrong source map makes them, as that of @pulumi/pulumi does for errors thrown
 * inside `apply`; and if Node.js 20.20 prints such a line in colour, as Pulumi asks it to, it never returns. A program
 * without source maps pays nothing.
 * @template {Error} T
 * @param {T} error
 * @returns {T}
 */
function printable(error) {
  if (Error.prepareStackTrace === undefined) return error
  const { stack } = error
  if (typeof stack === 'string') error.stack = stack.replace(FRAME_OF_NO_FILE, '')
  return error
}

/** @param {unknown} value @returns {value is number} */
const isTimeout = (value) => typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT

module.exports = { LONGEST_TIMEOUT, TIMEOUT, bagOf, counted, isBag, isTimeout, listOf, optionOf, optionsOf, printable, scopesOf, valueOfVariable, withoutPrototype, wrongType }
