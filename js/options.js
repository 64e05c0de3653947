// @ts-check
'use strict'

const { orExhausted } = require('./errors')
const { TIMEOUT, isBag, isTimeout, listOf, optionsOf, printable, withoutPrototype, wrongType } = require('./input-values')

/**
 * Converts the options of a ClientTokenCredential for native code. Only their types are checked here; the core, which knows
 * every kind, checks their values.
 * @typedef {import('../binding').NativeCredentialOptions} NativeCredentialOptions
 */

/** What an authority's certificate may be. */
const PEM = 'PEM text, as a string or a Uint8Array'

/** A callback is not a value, and may be a method of the caller's class. */
const callbacks = ['getAssertion', 'onLog']

/** @typedef {(native: NativeCredentialOptions, name: string, value: unknown, place: string) => void} Reader */

/**
 * How each option is read. An option without a reader here is text.
 * @type {Record<string, Reader>}
 */
const readers = {
  // These two are read separately.
  credential: () => {},
  onLog: () => {},
  certificate: (native, name, value, place) => setText(native, name, pemOrBase64(value, place)),
  sendCertificateChain: boolean,
  enableAzureProxy: boolean,
  timeout: milliseconds,
  processTimeout: milliseconds,
  proxy: (native, name, value, place) => setText(native, name, value === false ? 'false' : proxyAddress(value, place)),
  ca: (native, name, value, place) => setList(native, name, Array.isArray(value) ? listOf(value, place, pem) : [pem(value, place, `${PEM}, or an array of them`)]),
  cache: (native, _, value, place) => {
    if (value === false) return void (native.memoryOnly = true)
    // Loaded only by programs that share tokens.
    orExhausted(() => require('./cache-option').readCache(native, value, place))
  },
  additionallyAllowedTenants: strings,
  arguments: strings,
  // In other kinds this option is the name of a cloud.
  environment: (native, name, value, place) => {
    const isOfProgram = native.credential === 'command' && typeof value === 'object'
    return isOfProgram ? setList(native, `${name}.*`, variables(value, place)) : readText(native, name, value, place)
  },
  requiredEnvVars: (native, name, value, place) => strings(native, name, Array.isArray(value) ? value : [value], place),
  getAssertion: (native, _, value, place) => {
    if (typeof value !== 'function') throw wrongType(place, 'a function', value)
    native.assertion = orExhausted(() => require('./assertion')).asker(/** @type {import('../index').AssertionCallback} */ (value))
  },
  managedIdentity: ids,
  expect: ids,
  chain: (native, _, value, place) => {
    native.chain = listOf(array(value, place), place, memberOptions)
  },
}

/**
 * How each option of a chain's member is read. The core reports an error if a member has a chain, so the members of that one
 * are not read: there could be any number of chains in each other, and reading them takes stack for each.
 */
const memberReaders = { ...readers, chain: notInAMember }

/**
 * @typedef {object} Options
 * @property {NativeCredentialOptions} native
 * @property {import('../index').ClientTokenOptions['onLog']} onLog
 */

/**
 * @param {unknown} options
 * @param {string} [place] the name that the caller uses for them
 * @param {Record<string, Reader>} [by]
 * @returns {Options}
 */
function readOptions(options, place = 'options', by = readers) {
  const values = optionsOf(object(options, place), callbacks)
  const credential = text(values.get('credential'), `${place}.credential`)
  /** @type {NativeCredentialOptions} */
  const native = withoutPrototype({ credential, texts: withoutPrototype({}), lists: withoutPrototype({}) })
  for (const [name, value] of values) readOption(by, native, name, value, memberOf(place, name))
  return { native, onLog: callback(values.get('onLog'), `${place}.onLog`) }
}

/** @type {(by: Record<string, Reader>, ...rest: Parameters<Reader>) => void} */
function readOption(by, native, name, value, place) {
  if (value === undefined || value === null) return
  const read = Object.hasOwn(by, name) ? by[name] : readText
  read(native, name, value, place)
}

/**
 * The log belongs to the chain, like every common option. The core reports an error if a member has one.
 * @param {unknown} member
 * @param {string} place
 */
function memberOptions(member, place) {
  const { native, onLog } = readOptions(member, place, memberReaders)
  if (onLog) setText(native, 'onLog', 'true')
  return native
}

/** @type {Reader} */
function notInAMember(native, name, value, place) {
  array(value, place)
  setText(native, name, 'true')
}

/**
 * The variables that an option names, which must be in the snapshot as well.
 * @param {NativeCredentialOptions} native
 * @returns {string[]}
 */
function namedVariables(native) {
  const members = native.chain ?? []
  return [...(native.lists.requiredEnvVars ?? []), ...members.flatMap(namedVariables)]
}

/** The kinds that start a program, or may start one. */
const PROGRAMS = ['azureCli', 'azureDeveloperCli', 'azurePowerShell', 'command', 'default', 'pulumi']

/**
 * Whether a program may be started, which gets the whole environment.
 * @param {NativeCredentialOptions} native
 * @returns {boolean}
 */
function startsPrograms({ credential, chain = [] }) {
  return PROGRAMS.includes(credential) || chain.some(startsPrograms)
}

/**
 * The core reports a name that the credential does not have, whatever its value is.
 * @type {Reader}
 */
function readText(native, name, value, place) {
  if (typeof value === 'string' || isOption(native.credential, name)) return setText(native, name, text(value, place))
  setText(native, name, `not a string: ${typeof value}`)
}

/** @param {string} credential @param {string} name */
function isOption(credential, name) {
  return orExhausted(() => require('./binding')).binding().isOption(credential, name)
}

/**
 * Reads an object of ids. The option counts as set even if the object is empty.
 * @type {Reader}
 */
function ids(native, name, value, place) {
  setText(native, name, 'true')
  for (const [member, id] of optionsOf(object(value, place))) {
    if (id !== undefined && id !== null) readText(native, `${name}.${member}`, id, memberOf(place, member))
  }
}

/** @type {Reader} */
function boolean(native, name, value, place) {
  if (typeof value !== 'boolean') throw wrongType(place, 'a boolean', value)
  setText(native, name, String(value))
}

/** @type {Reader} */
function milliseconds(native, name, value, place) {
  if (!isTimeout(value)) throw wrongType(place, TIMEOUT, value)
  setText(native, name, String(Math.ceil(value)))
}

/** @type {Reader} */
function strings(native, name, value, place) {
  if (!Array.isArray(value)) throw wrongType(place, 'an array of strings', value)
  setList(native, name, listOf(value, place, text))
}

/**
 * @param {NativeCredentialOptions} native
 * @param {string} name
 * @param {string} value
 */
function setText(native, name, value) {
  native.texts[name] = value
}

/**
 * @param {NativeCredentialOptions} native
 * @param {string} name
 * @param {string[]} value
 */
function setList(native, name, value) {
  native.lists[name] = value
}

/** @param {unknown} value @param {string} place */
function pemOrBase64(value, place) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value !== 'string') throw wrongType(place, 'a string or a Uint8Array', value)
  return value
}

/** @param {unknown} value @param {string} place @param {string} [expected] */
function pem(value, place, expected = PEM) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (typeof value !== 'string') throw wrongType(place, expected, value)
  return value
}

/** @param {unknown} value @param {string} place */
function array(value, place) {
  if (!Array.isArray(value)) throw wrongType(place, 'an array', value)
  return value
}

/** @param {unknown} value @param {string} place */
function proxyAddress(value, place) {
  if (typeof value !== 'string') throw wrongType(place, 'a string, or false', value)
  return value
}

/**
 * Returns a program's environment, each variable as `name=value`. Undefined ones are left out, as by child_process.
 * @param {unknown} value
 * @param {string} place
 */
function variables(value, place) {
  const given = [...optionsOf(object(value, place))].filter(([, one]) => one !== undefined)
  return given.map(([name, one]) => `${variableName(name, place)}=${variableValue(one, memberOf(place, name))}`)
}

/**
 * Returns the name of an option or a variable for an error. A program may have passed a secret as a name, so only text that
 * looks like a name is shown.
 * @param {string} place
 * @param {string} name
 */
function memberOf(place, name) {
  return isName(name) ? `${place}.${name}` : `${place} has a name of ${name.length} characters, not shown, whose value`
}

/**
 * The lengths are no part of the patterns: the name of each option is examined, and V8 compiles a pattern that counts for longer.
 * @param {string} name
 */
function isName(name) {
  return name.length <= 30 && /^[A-Za-z]+$/.test(name) || name.length <= 64 && /^[A-Z][A-Z0-9_]*$/.test(name)
}

/** @param {string} name @param {string} place */
function variableName(name, place) {
  if (name === '' || name.includes('=') || name.includes('\0')) throw printable(new TypeError(`${place} has a name that no variable can have`))
  return name
}

/** @param {unknown} value @param {string} place */
function variableValue(value, place) {
  if (text(value, place).includes('\0')) throw printable(new TypeError(`${place} has a NUL character, which no variable can have`))
  return value
}

/** @param {unknown} value @param {string} place */
function text(value, place) {
  if (typeof value !== 'string') throw wrongType(place, 'a string', value)
  return value
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Record<string, unknown>}
 */
function object(value, place) {
  if (!isBag(value)) throw wrongType(place, 'an object', value)
  return value
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function callback(value, place) {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'function') throw wrongType(place, 'a function', value)
  return /** @type {(entry: import('../index').LogEntry) => void} */ (value)
}

module.exports = { readOptions, namedVariables, startsPrograms }
