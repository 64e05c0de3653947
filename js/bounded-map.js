// @ts-check
'use strict'

/**
 * Sets a key of a map with a limit. A Map keeps its entries in the order in which they were set. If there are too many, the
 * first one, which was set the longest time ago, is dropped.
 * @template K, V
 * @param {Map<K, V>} map
 * @param {K} key
 * @param {V} value
 * @param {number} most
 */
function setNewest(map, key, value, most) {
  map.delete(key)
  if (map.size >= most) map.delete(/** @type {K} */ (map.keys().next().value))
  map.set(key, value)
}

module.exports = { setNewest }
