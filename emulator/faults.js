// @ts-check
'use strict'

/**
 * @typedef {object} Fault
 * @property {(request: import('./journal').RecordedRequest) => boolean} [when] returns whether a request has the fault; without it, all have
 * @property {string} [path] only requests whose path contains it have the fault, for programs that cannot pass a function
 * @property {number} [status]
 * @property {Record<string, string>} [headers] without `status` and `body`: added to the real answer
 * @property {string | object} [body]
 * @property {number} [delay] milliseconds before the answer or the end of the connection
 * @property {number} [times] the number of requests that have the fault; without it, no limit
 * @property {boolean} [destroy] close the connection: before an answer, or after the `status` or `body` given here
 *
 * @typedef {ReturnType<typeof createFaults>} Faults
 */

/** The faults in the order in which they were added. The first one that matches a request applies. */
function createFaults() {
  /** @type {{ fault: Fault, left: number }[]} */
  let pending = []

  return {
    /** @param {Fault} fault */
    add(fault) {
      pending.push({ fault, left: fault.times ?? Infinity })
    },
    clear() {
      pending = []
    },
    /**
     * @param {import('./journal').RecordedRequest} request
     * @returns {Fault | undefined}
     */
    next(request) {
      const struck = pending.find(({ fault, left }) => left > 0 && fits(fault, request))
      if (!struck) return undefined
      struck.left -= 1
      return struck.fault
    }
  }
}

/**
 * @param {Fault} fault
 * @param {import('./journal').RecordedRequest} request
 */
function fits({ when, path }, request) {
  if (path !== undefined && !request.path.includes(path)) return false
  return when ? when(request) : true
}

/** @param {Fault} fault */
function replacesAnswer({ status, body }) {
  return status !== undefined || body !== undefined
}

module.exports = { createFaults, replacesAnswer }
