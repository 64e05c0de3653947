// @ts-check
'use strict'

// The members that the options of both stores of tokens have in common: keys, and optional ones.

const { listOf, optionOf, wrongType } = require('./input-values')

/**
 * Returns ids, and keys in base64.
 * @param {unknown} value
 * @param {string} place
 */
function storeKeys(value, place) {
  if (!Array.isArray(value)) throw wrongType(place, 'an array', value)
  const keys = listOf(value, place, keyOf)
  return { ids: keys.map(({ id }) => id), keys: keys.map(({ key }) => key) }
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function keyOf(value, place) {
  const key = object(value, place)
  return { id: text(optionOf(key, 'id'), `${place}.id`), key: bytes(optionOf(key, 'key'), `${place}.key`) }
}

/** @param {unknown} value @param {string} place */
function bytes(value, place) {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value !== 'string') throw wrongType(place, 'a string or a Uint8Array', value)
  return value
}

/**
 * @template T
 * @param {unknown} value
 * @param {string} place
 * @param {(value: unknown, place: string) => T} checked
 */
function optional(value, place, checked) {
  return value === undefined || value === null ? undefined : checked(value, place)
}

/** @param {unknown} value @param {string} place */
function text(value, place) {
  if (typeof value !== 'string') throw wrongType(place, 'a string', value)
  return value
}

/** @param {unknown} value @param {string} place @returns {object} */
function object(value, place) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(place, 'an object', value)
  return value
}

module.exports = { object, optional, storeKeys, text }
