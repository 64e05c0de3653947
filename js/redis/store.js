// @ts-check
'use strict'

/** @typedef {import('./clients').Send} Send */

/** Runs a command on the key only while the key has the value: between two commands another process could change it. */
const IF_IT_HOLDS = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call(ARGV[2], KEYS[1], unpack(ARGV, 3))"

/**
 * @param {Send} send
 * @returns {import('../../index').TokenStore}
 */
function storeOver(send) {
  return {
    async get(key, signal) {
      return textOf(await send(key, ['GET', key], signal))
    },

    async set(key, value, { ttl, ifAbsent = false }, signal) {
      const command = ['SET', key, value, 'PX', milliseconds(ttl), ...(ifAbsent ? ['NX'] : [])]
      const isWritten = textOf(await send(key, command, signal)) !== null
      if (isWritten && ifAbsent && signal.aborted) await giveBack(send, key, value)
      return isWritten
    },

    async delete(key, value, signal) {
      return ifItHolds(send, key, value, ['DEL'], signal)
    },

    async extend(key, value, { ttl }, signal) {
      return ifItHolds(send, key, value, ['PEXPIRE', milliseconds(ttl)], signal)
    },
  }
}

/**
 * Clients queue commands until the server is back. A lease that is granted then belongs to a call that no longer waits, and
 * would make others wait.
 * @param {Send} send
 * @param {string} key
 * @param {string} value
 */
function giveBack(send, key, value) {
  return ifItHolds(send, key, value, ['DEL'], new AbortController().signal)
}

/**
 * Some users may not run scripts, and some proxies support none. Then the value is read first: if the key changes hands in
 * between, another process loses its lease, which costs at most one request for a token.
 * @param {Send} send
 * @param {string} key
 * @param {string} value
 * @param {[name: string, ...rest: string[]]} command without its key
 * @param {AbortSignal} signal
 */
async function ifItHolds(send, key, value, [name, ...rest], signal) {
  try {
    return await send(key, ['EVAL', IF_IT_HOLDS, '1', key, value, name, ...rest], signal)
  } catch (refusal) {
    if (signal.aborted) throw refusal
    const held = textOf(await send(key, ['GET', key], signal))
    return held === value ? send(key, [name, key, ...rest], signal) : 0
  }
}

/**
 * A client may be configured to return buffers, or objects around text.
 * @param {unknown} reply
 */
function textOf(reply) {
  return reply === null || reply === undefined ? null : String(reply)
}

/** @param {number} time */
function milliseconds(time) {
  return String(Math.max(1, Math.floor(time)))
}

module.exports = { storeOver }
