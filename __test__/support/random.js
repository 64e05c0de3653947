// @ts-check
'use strict'

/** @typedef {ReturnType<typeof seeded>} Random */

/**
 * Pseudo-random numbers, the same for the same seed (mulberry32).
 * @param {number} seed
 */
function seeded(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** @param {number} bound an integer from 0 to below it */
    below: (bound) => Math.floor(next() * bound),
    /** @param {number} probability */
    chance: (probability) => next() < probability,
    /** @template T @param {readonly T[]} items @returns {T} */
    pick: (items) => items[Math.floor(next() * items.length)],
  }
}

module.exports = { seeded }
