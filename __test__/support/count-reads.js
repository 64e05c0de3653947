// @ts-check
'use strict'

/**
 * An object that counts how often each of its values is read, those inside it too, by their paths.
 * @template {object} T
 * @param {T} object
 * @param {string} [place]
 * @param {Map<string, number>} [reads]
 * @returns {{ proxy: T, reads: Map<string, number> }}
 */
function counted(object, place = '', reads = new Map()) {
  const proxy = new Proxy(object, {
    get(target, name) {
      const value = Reflect.get(target, name)
      if (typeof name === 'symbol') return value
      const path = `${place}${name}`
      reads.set(path, (reads.get(path) ?? 0) + 1)
      return typeof value === 'object' && value !== null ? counted(value, `${path}.`, reads).proxy : value
    }
  })
  return { proxy, reads }
}

module.exports = { counted }
