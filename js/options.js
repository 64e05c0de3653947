// @ts-check
'use strict'

const { asker } = require('./assertion')

/**
 * The options of a ClientTokenCredential, as native code takes them. Here their types are checked; whether they make
 * sense is for the core to say, which knows every kind.
 * @typedef {import('../binding').NativeCredentialOptions} NativeCredentialOptions
 */

/** The longest time that a timer of Node.js can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** @typedef {(native: NativeCredentialOptions, name: string, value: unknown, place: string) => void} Reader */

/**
 * How each option is read. What has no reader here is a text.
 * @type {Record<string, Reader>}
 */
const readers = {
  certificate: (native, name, value, place) => setText(native, name, pemOrBase64(value, place)),
  sendCertificateChain: boolean,
  enableAzureProxy: boolean,
  timeout: milliseconds,
  processTimeout: milliseconds,
  proxy: (native, name, value, place) => setText(native, name, value === false ? 'false' : proxyAddress(value, place)),
  ca: (native, name, value, place) => setList(native, name, [value].flat().map((one) => pem(one, place))),
  additionallyAllowedTenants: strings,
  arguments: strings,
  requiredEnvVars: (native, name, value, place) => strings(native, name, [value].flat(), place),
  getAssertion: (native, _, value, place) => {
    if (typeof value !== 'function') throw wrongType(place, 'a function', value)
    native.assertion = asker(/** @type {import('../index').AssertionCallback} */ (value))
  },
  managedIdentity: (native, name, value, place) => {
    setText(native, name, 'true')
    for (const [member, id] of Object.entries(object(value, place))) {
      if (id !== undefined) setText(native, `${name}.${member}`, text(id, `${place}.${member}`))
    }
  },
  chain: (native, _, value, place) => {
    if (!Array.isArray(value)) throw wrongType(place, 'an array', value)
    native.chain = value.map((member, index) => memberOptions(member, `${place}[${index}]`))
  },
  // Where the lines of the log go is no matter of the settings.
  onLog: (_, __, value, place) => {
    if (typeof value !== 'function') throw wrongType(place, 'a function', value)
  },
}

/**
 * @param {unknown} options
 * @param {string} [place] how the caller knows them
 * @returns {NativeCredentialOptions}
 */
function nativeOptions(options, place = 'options') {
  const { credential, ...others } = object(options, place)
  /** @type {NativeCredentialOptions} */
  const native = { credential: text(credential, `${place}.credential`), texts: {}, lists: {} }
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined || value === null) continue
    const read = Object.hasOwn(readers, name) ? readers[name] : readText
    read(native, name, value, `${place}.${name}`)
  }
  return native
}

/**
 * The log is the chain's, as every option is that all kinds share: the core refuses it once it knows of it.
 * @param {any} member
 * @param {string} place
 */
function memberOptions(member, place) {
  const native = nativeOptions(member, place)
  if (member.onLog) setText(native, 'onLog', 'true')
  return native
}

/**
 * Variables that an option names: they have to be in the snapshot as well.
 * @param {NativeCredentialOptions} native
 * @returns {string[]}
 */
function namedVariables(native) {
  const members = native.chain ?? []
  return [...(native.lists.requiredEnvVars ?? []), ...members.flatMap(namedVariables)]
}

/** @type {Reader} */
function readText(native, name, value, place) {
  setText(native, name, text(value, place))
}

/** @type {Reader} */
function boolean(native, name, value, place) {
  if (typeof value !== 'boolean') throw wrongType(place, 'a boolean', value)
  setText(native, name, String(value))
}

/** @type {Reader} */
function milliseconds(native, name, value, place) {
  const isTime = typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT
  if (!isTime) throw wrongType(place, `a number of milliseconds from 1 to ${LONGEST_TIMEOUT}`, value)
  setText(native, name, String(Math.ceil(value)))
}

/** @type {Reader} */
function strings(native, name, value, place) {
  if (!Array.isArray(value)) throw wrongType(place, 'an array of strings', value)
  setList(native, name, value.map((one, index) => text(one, `${place}[${index}]`)))
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

/** @param {unknown} value @param {string} place */
function pem(value, place) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  if (typeof value !== 'string') throw wrongType(place, 'PEM text, as a string or a Uint8Array, or an array of them', value)
  return value
}

/** @param {unknown} value @param {string} place */
function proxyAddress(value, place) {
  if (typeof value !== 'string') throw wrongType(place, 'a string, or false', value)
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(place, 'an object', value)
  return /** @type {Record<string, unknown>} */ (value)
}

/**
 * The type of what was given is named, never the value: it may be a secret in the wrong place.
 * @param {string} place
 * @param {string} expected
 * @param {unknown} value
 */
function wrongType(place, expected, value) {
  const given = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  return new TypeError(`${place} must be ${expected}; it is ${given === 'object' ? 'an object' : given}`)
}

module.exports = { nativeOptions, namedVariables }
